internal import Events

/// What costs are summed up by.
package enum CostGrouping: String, CaseIterable, Sendable {
  /// Who ran.
  case agent
  /// The model that answered.
  case model
  /// The feature's slug.
  case feature
  /// What the agent was asked to be.
  case role
  /// The work package.
  case wp
  /// The day in UTC.
  case day
  /// The commit that carries the event.
  case commit

  /// The member of the payload whose value it is, if it is one.
  var payloadKey: PayloadKey? {
    switch self {
    case .agent: .agent
    case .model: .model
    case .role: .role
    case .wp: .wpID
    case .feature, .day, .commit: nil
    }
  }
}
