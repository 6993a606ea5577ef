/// Which features a report is about: a prefix of their names, in which `*`, `?`, `[a-z]` and `[!a-z]` stand for what they
/// stand for in Python's `glob`.
package struct NamePattern: Sendable {
  private enum Element {
    case anything
    case one(Set)
  }

  /// Characters of which one has to stand at a place.
  private struct Set {
    var ranges: [ClosedRange<Unicode.Scalar>]
    var isInverted = false

    func contains(_ scalar: Unicode.Scalar) -> Bool {
      ranges.contains { $0 ~= scalar } != isInverted
    }

    static let all = Set(ranges: [], isInverted: true)
  }

  private let elements: [Element]

  /// Creates the pattern that `text` spells, which names match that begin so.
  package init(_ text: String) {
    var rest = Array(text.unicodeScalars)[...]
    var elements: [Element] = []
    while let scalar = rest.popFirst() {
      switch scalar {
      case "*": elements.append(.anything)
      case "?": elements.append(.one(.all))
      case "[":
        elements.append(.one(NamePattern.set(&rest) ?? Set(ranges: ["["..."["])))
      default: elements.append(.one(Set(ranges: [scalar...scalar])))
      }
    }
    self.elements = elements + [.anything]
  }

  /// Takes the rest of a set in brackets from the front of `rest`; `nil` when no bracket closes it.
  private static func set(_ rest: inout ArraySlice<Unicode.Scalar>) -> Set? {
    let isInverted = rest.first == "!"
    let start = rest.startIndex + (isInverted ? 1 : 0)
    // A bracket that stands first is one of the characters.
    guard let end = rest[start...].dropFirst().firstIndex(of: "]") else { return nil }
    var ranges: [ClosedRange<Unicode.Scalar>] = []
    var index = start
    while index < end {
      if index + 2 < end, rest[index + 1] == "-" {
        // Nothing lies in a range that is the wrong way round.
        if rest[index] <= rest[index + 2] { ranges.append(rest[index]...rest[index + 2]) }
        index += 3
      } else {
        ranges.append(rest[index]...rest[index])
        index += 1
      }
    }
    rest = rest[(end + 1)...]
    return Set(ranges: ranges, isInverted: isInverted)
  }

  /// Whether `name` begins as the pattern says.
  package func matches(_ name: String) -> Bool {
    let scalars = Array(name.unicodeScalars)
    var (element, position) = (0, 0)
    // Where to go on when what follows the last `*` does not match: that one takes in a character more.
    var retry: (element: Int, position: Int)?
    while true {
      if element == elements.count, position == scalars.count { return true }
      if element < elements.count {
        switch elements[element] {
        case .anything:
          retry = (element + 1, position)
          element += 1
          continue
        case .one(let set) where position < scalars.count && set.contains(scalars[position]):
          element += 1
          position += 1
          continue
        case .one: break
        }
      }
      guard let last = retry, last.position < scalars.count else { return false }
      retry = (last.element, last.position + 1)
      (element, position) = (last.element, last.position + 1)
    }
  }
}
