internal import Events

/// An agent whose output can be read.
public enum AgentOutput: String, CaseIterable, Sendable {
  case claude, codex, copilot, cursor, gemini, opencode, qwen

  /// Finds the agent by its program's name, with or without a path before it, or by a name that orchestrators use.
  public init?(agent name: String) {
    let bare = String(name[(name.lastIndex(of: "/").map { name.index(after: $0) } ?? name.startIndex)...])
    switch bare {
    case "claude-code": self = .claude
    case "cursor-agent": self = .cursor
    case "github-copilot", "gh-copilot": self = .copilot
    case "gemini-cli": self = .gemini
    case "qwen-code": self = .qwen
    default: self.init(rawValue: bare)
    }
  }

  /// Reads what the agent printed, in whatever format it was asked for.
  ///
  /// Any bytes will do; what cannot be read says nothing.
  package func report(output: [UInt8], errors: [UInt8] = []) -> AgentReport {
    var reader = reader
    AgentOutput.read(output, with: &reader)
    // Some say in JSON on standard error what went wrong; what was said on standard output comes first.
    if reader.report.outcome != .succeeded { AgentOutput.read(errors, with: &reader) }
    reader.read(text: TranscriptText(output: output, errors: errors))
    reader.finish()
    return reader.report.bounded
  }

  /// Lines that tell something wherever they stand hold one of these; the others count only at the output's ends.
  ///
  /// Who keeps a part of a long output keeps these lines too.
  package var marks: [[UInt8]] {
    let types =
      switch self {
      case .opencode: ["step_finish"]
      case .copilot: ["assistant.usage"]
      case .codex: ["turn.completed"]
      case .claude, .cursor, .gemini, .qwen: [String]()
      }
    return types.map { Array("\"\($0)\"".utf8) }
  }

  private var reader: any TranscriptReader {
    switch self {
    case .claude: ClaudeReader()
    case .codex: CodexReader()
    case .copilot: CopilotReader()
    case .cursor: CursorReader()
    case .gemini: GeminiReader()
    case .opencode: OpenCodeReader()
    case .qwen: QwenReader()
    }
  }

  private static func read(_ bytes: [UInt8], with reader: inout some TranscriptReader) {
    // One byte that is no text must not cost the line that it stands on.
    let isText = String(validating: bytes, as: UTF8.self) != nil
    let text = isText ? bytes : Array(String(decoding: bytes, as: UTF8.self).utf8)
    let span = text.span
    EmbeddedJSON.forEachObject(in: span) { range in
      let object = span.extracting(range)
      // Most of a transcript is of no interest here, and values of it need not be built.
      if let type = JSONScanner.range(ofMember: "type", in: object),
        let name = JSONValue(object, in: type)?.text, !reader.types.contains(name)
      {
        return
      }
      if let members = JSONValue(object, in: object.indices)?.object { reader.read(members) }
    }
  }
}

/// Reads what one agent prints, in all of its formats.
protocol TranscriptReader {
  /// What the output has said so far.
  var report: AgentReport { get }
  /// The types of the objects that tell something; objects without a type are always read.
  var types: Set<String> { get }
  /// Reads one object of the output.
  mutating func read(_ object: JSONObject)
  /// Reads what is for people.
  mutating func read(text: TranscriptText)
  /// Draws the sum when everything has been read.
  mutating func finish()
}

extension TranscriptReader {
  mutating func read(text: TranscriptText) {}
  mutating func finish() {}
}
