import Agents
import Events
import Testing

/// What an agent's command line says.
struct `Agent command` {
  private func command(_ words: String) -> AgentCommand? {
    AgentCommand(words.split(separator: " ").map(String.init))
  }

  @Test(arguments: [
    ("claude -p", "claude", AgentOutput.claude), ("/opt/bin/claude -p", "claude", .claude),
    ("cursor-agent -p x", "cursor-agent", .cursor), ("timeout 300 cursor agent -p x", "cursor", .cursor),
    ("timeout -k 5s --signal=TERM 300 codex exec", "codex", .codex), ("env A=b -i nice -n 5 gemini", "gemini", .gemini),
    ("gh copilot -p x", "copilot", .copilot), ("sh -c claude", "sh", nil), ("gh pr list", "gh", nil),
    ("timeout 5 sleep 9", "timeout", nil), ("timeout 5", "timeout", nil), ("env", "env", nil), ("/", "/", nil),
    ("timeout 5 gh copilot -p x", "copilot", .copilot),
  ])
  func `names the agent and how to read it`(words: String, name: String, output: AgentOutput?) {
    #expect(command(words)?.name == name && command(words)?.output == output)
  }

  @Test func `of no words is none`() {
    #expect(AgentCommand([]) == nil)
    #expect(AgentCommand([""])?.name == "")
  }

  @Test(arguments: [
    ("codex exec --model gpt-5", "gpt-5"), ("codex -m gpt-5 exec", "gpt-5"), ("claude --model=opus -p", "opus"),
    ("claude -p", nil), ("claude --model", nil), ("claude --model= -p", nil), ("claude -- --model x", nil),
    ("opencode run --models x", nil),
  ])
  func `names the model that was asked for`(words: String, model: String?) {
    #expect(command(words)?.model == model)
  }

  @Test(arguments: [
    ("claude -p --allowedTools Read,Glob,Grep,Bash", Role.reviewer),
    ("claude -p --allowedTools Read,Write,Edit,Bash", .implementer),
    ("claude -p --allowed-tools=Bash(git:*),Edit(/src/**)", .implementer), ("claude -p", nil),
  ])
  func `gives the role away where the agent may not write`(words: String, role: Role?) {
    #expect(command(words)?.role == role)
  }

  @Test func `has the prompt for its longest argument`() {
    #expect(AgentCommand(["cursor", "-p", "do this", "--force"])?.prompt == "do this")
    #expect(AgentCommand(["claude"])?.prompt == nil)
  }
}
