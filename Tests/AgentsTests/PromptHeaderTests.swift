import Agents
import Testing

/// The header of a work package's file.
struct `Prompt header` {
  private func header(_ text: String) -> PromptHeader { PromptHeader(text.utf8) }

  @Test(arguments: [
    "---\nwork_package_id: WP01\n---\n", "---\nwork_package_id: \"WP01\"\nlane: x\n",
    "\u{FEFF}---\nwork_package_id: 'WP01'", "---\nwork_package_id: WP01\nwork_package_id: WP02",
    "\n\n---\r\ntitle: A\r\nwork_package_id:   WP01   # the first\r\n---\r\n",
  ])
  func `names the work package`(text: String) {
    #expect(header(text).wpID == "WP01")
  }

  @Test(arguments: [
    "", "---", "work_package_id: WP01\n", "# Title\n---\nwork_package_id: WP01\n---\n",
    "---\n---\nwork_package_id: WP01\n", "---\nwork_package_id:\n---\n",
    "---\n  work_package_id: WP01\n---\n", "----\nwork_package_id: WP01\n",
    "---\nwork_package_id: \"\"\n",
  ])
  func `that is none, or does not name one, says nothing`(text: String) {
    #expect(header(text).wpID == nil)
  }

  @Test func `says how far the work package is`() {
    #expect(header("---\nwork_package_id: WP03\nlane: \"for_review\"\n---\nlane: done\n").lane == "for_review")
  }

  @Test func `is looked for in any bytes`() {
    #expect(PromptHeader([0xFF, 0x00, 0x0A] + Array("---\nwork_package_id: WP01".utf8)).wpID == nil)
    let broken = Array("---\nlane: \n".utf8) + [0xFF, 0x0A] + Array("work_package_id: WP01".utf8)
    #expect(PromptHeader(broken).wpID == "WP01")
  }
}
