import Events
import KittyGitTelemetry
import SystemPackage

/// Records events through the library, as an orchestrator would: `Emitter <folder> <work package> <count>`.
@main
struct Emitter {
  static func main() {
    let arguments = CommandLine.arguments
    guard arguments.count == 4, let count = Int(arguments[3]) else { return print("usage: Emitter folder wp count") }
    for number in 0..<count {
      emitExecutionEvent(
        featureDirectory: FilePath(arguments[1]), featureSlug: "f", wpID: arguments[2], agent: "claude",
        role: .implementer, inputTokens: number)
    }
  }
}
