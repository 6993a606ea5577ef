import ArgumentParser
import Events
import TestSupport
import Testing

@testable import Tool

/// What `emit` reads without the parser, against the parser, which has the declarations.
struct `The options of emit` {
  /// Values of all kinds, and such as could be taken for something else.
  private static let values = [
    "implementer", "codex", "gemini-cli", "7", "-7", "+5", "0.25", "1e3", "99999999999999999999", "", " ", "é", "a=b",
    "HEAD", "--", "-", "-C", "-x", "--json", "--help", "-h", "--version", "--nosuch", "--feature=x",
  ]

  /// What the parser makes of arguments; `nil` when it refuses them.
  private func parsed(_ arguments: [String]) -> EmitRequest? {
    ((try? Tool.command(arguments)) as? EmitCommand)?.request
  }

  /// Whether arguments are read without the parser, which then has to read the same.
  private func isPlain(_ arguments: [String], sourceLocation: SourceLocation = #_sourceLocation) -> Bool {
    guard let plain = EmitRequest(plain: arguments) else { return false }
    #expect(plain == parsed(arguments), "\(arguments)", sourceLocation: sourceLocation)
    return true
  }

  @Test func `are all read alike with and without the parser`() throws {
    let options = try declaredOptions(EmitCommand.self).filter { !$0.names.contains("--help") }
    #expect(options.count > 25)
    // What options need beside them, unless they are it.
    let bases = [["--role", "reviewer"], []]
    for option in options {
      for name in option.names {
        let values = option.isFlag ? [[]] : Self.values.map { [$0] }
        let plain = values.flatMap { value in bases.filter { isPlain(["emit"] + $0 + [name] + value) } }
        #expect(!plain.isEmpty, "\(name) is left to the parser")
        #expect(!isPlain(["emit", "--flush", name + "=x"]))
        if !option.isFlag { #expect(!isPlain(["emit", "--flush", name])) }
      }
    }
  }

  @Test func `are read alike in any company`() throws {
    let seed = UInt64.random(in: 0...UInt64.max)
    print("seed \(seed)")
    var generator = SeededGenerator(seed: seed)
    let options = try declaredOptions(EmitCommand.self)
    var plainCount = 0
    for _ in 0..<200 {
      var arguments = ["emit"]
      if generator.next() % 4 == 0 { arguments.insert(contentsOf: ["-C", "sub"], at: Int(generator.next() % 2)) }
      if generator.next() % 4 > 0 { arguments += ["--role", "implementer"] }
      for _ in 0..<Int(generator.next() % 4) {
        let option = try #require(options.randomElement(using: &generator))
        arguments.append(try #require(option.names.randomElement(using: &generator)))
        if !option.isFlag || generator.next() % 16 == 0 {
          arguments.append(try #require(Self.values.randomElement(using: &generator)))
        }
      }
      if isPlain(arguments) { plainCount += 1 }
    }
    #expect(plainCount > 0)
  }

  @Test func `that are no usual ones are left to the parser`() {
    for arguments in [
      [], ["emit"], ["emit", "--help"], ["-C", "a"], ["-C", "a", "run"], ["emit", "--role"],
      ["emit", "--role", "cook"], ["emit", "-rimplementer"], ["emit", "--role=implementer"],
      ["emit", "--flush", "stray"], ["emit", "--flush", "--"], ["emit", "--flush", "--success", "--failed"],
      ["emit", "--from", "claude"], ["--version"], ["query", "--json"],
    ] {
      #expect(EmitRequest(plain: arguments) == nil, "\(arguments)")
    }
  }

  @Test func `and those of all commands that take no value are known as such`() throws {
    let options = try ([Tool.self] + Tool.configuration.subcommands).flatMap { try declaredOptions($0) }
    let flags = Set(options.filter(\.isFlag).flatMap(\.names).filter { $0.hasPrefix("--") })
    #expect(flags.symmetricDifference(Tool.flags) == [])
  }
}

/// An option that a command declares.
private struct DeclaredOption {
  let names: [String]
  let isFlag: Bool
}

/// The options of a command, from what the parser tells other programs about it.
private func declaredOptions(_ command: any ParsableCommand.Type) throws -> [DeclaredOption] {
  let document = try #require(JSONValue(Array(command._dumpHelp().utf8))?.object?["command"]?.object)
  guard case .array(let arguments)? = document["arguments"] else { return [] }
  return try arguments.compactMap { argument in
    let argument = try #require(argument.object)
    guard case .array(let names)? = argument["names"] else { return nil }
    let spelled = try names.map { name in
      let name = try #require(name.object)
      return try (name["kind"]?.text == "long" ? "--" : "-") + #require(name["name"]?.text)
    }
    return DeclaredOption(names: spelled, isFlag: argument["kind"]?.text == "flag")
  }
}
