import Agents
import Reports

/// A branch's name: what is read off it is what it was put together from.
func checkNames(_ input: [UInt8]) {
  let text = String(decoding: input, as: UTF8.self)
  checkCommand(text.split(separator: " ").map(String.init))
  guard let name = LaneName(text) else { return }
  precondition(!name.feature.isEmpty && !name.feature.utf8.contains(UInt8(ascii: "/")), "a feature is no folder")
  let suffix = [name.wpID, name.lane].compactMap(\.self).map { "-\($0)" }.joined()
  precondition(text.utf8.reversed().starts(with: (name.feature + suffix).utf8.reversed()), "a name is another one")
  precondition(name.wpID == nil || name.lane == nil, "a name is of a work package and of a lane")
}

private func checkCommand(_ words: [String]) {
  guard let command = AgentCommand(words) else {
    precondition(words.isEmpty, "a command without a program has words")
    return
  }
  precondition(command.model != "", "a model has no name")
  precondition(words.contains { $0.contains(command.name) } || command.name == "copilot", "an agent is made up")
}

/// A `lanes.json`: a lane's work package has a name of usable length.
func checkLanes(_ input: [UInt8]) {
  for lane in ["lane-a", "lane-b"] {
    guard let wpID = LaneName("x-\(lane)")?.workPackage(in: input) else { continue }
    precondition(1...200 ~= wpID.utf8.count, "a work package has no name")
  }
}

/// A prompt's header: it ends where it ends, and what follows says nothing.
func checkPrompt(_ input: [UInt8]) {
  let header = PromptHeader(input)
  for value in [header.wpID, header.lane].compactMap(\.self) {
    precondition(1...200 ~= value.utf8.count, "a header has an empty value")
  }
  guard header != PromptHeader([]) else { return }
  let end = Array("\n---\nwork_package_id: \"other\"\nlane: other\n".utf8)
  precondition(PromptHeader(input + end) == header, "what follows a header counts")
}

/// A table of prices: a price is an amount.
func checkPrices(_ input: [UInt8]) {
  guard let table = try? PriceTable(json: input, identity: "fuzzed") else { return }
  precondition(PriceTable.builtIn.overridden(by: table).count >= table.count, "a price is lost")
}
