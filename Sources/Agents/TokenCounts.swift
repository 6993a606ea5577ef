/// How many tokens of each class a run took; the classes are disjoint but for reasoning, which is a part of the output.
struct TokenCounts: Hashable {
  var input: Int?
  var cacheRead: Int?
  var cacheWrite: Int?
  var output: Int?
  var reasoning: Int?

  /// Nothing is known.
  static let unknown = TokenCounts()

  var isUnknown: Bool { self == .unknown }

  /// The sums class by class; where one side does not know, the other counts.
  static func + (left: TokenCounts, right: TokenCounts) -> TokenCounts {
    TokenCounts(
      input: sum(left.input, right.input), cacheRead: sum(left.cacheRead, right.cacheRead),
      cacheWrite: sum(left.cacheWrite, right.cacheWrite), output: sum(left.output, right.output),
      reasoning: sum(left.reasoning, right.reasoning))
  }

  /// What is left of `whole` without `parts`; where they come to more, they were never counted in it.
  static func rest(of whole: Int?, without parts: Int?...) -> Int? {
    guard let whole, let known = parts.reduce(nil, sum) else { return whole }
    return known <= whole ? whole - known : whole
  }

  static func sum(_ left: Int?, _ right: Int?) -> Int? {
    guard let left, let right else { return left ?? right }
    let (sum, overflow) = left.addingReportingOverflow(right)
    return overflow ? .max : sum
  }
}
