import Testing

@testable import KittyGitTelemetry

/// What is left of texts that may hold credentials.
struct `Credentials in texts` {
  @Test(arguments: [
    ("sk-ant-api03-AbCdEfGhIjKl", "[removed]"), ("bad key 'ghp_0123456789abcdefghij'.", "bad key '[removed]'."),
    ("Authorization: Bearer abcdefgh", "Authorization: Bearer [removed]"), ("api_key=abcd1234", "api_key=[removed]"),
    ("OPENAI_API_KEY = \"abcd1234\"", "OPENAI_API_KEY = \"[removed]\""), ("--token=abcd1234", "--token=[removed]"),
    ("password: hunter", "password: [removed]"), ("{\"secret\":\"x\"}", "{\"secret\":\"[removed]\"}"),
    ("https://me:pw@host.example/a@b", "https://[removed]@host.example/a@b"),
    ("a\n-----BEGIN RSA PRIVATE KEY-----\nAAAA\n-----END RSA PRIVATE KEY-----\nb", "a\n[removed]\nb"),
    ("-----BEGIN PRIVATE KEY-----\nAAAA", "[removed]"), ("AKIAIOSFODNN7EXAMPLE", "[removed]"),
  ])
  func `what looks like one is replaced`(text: String, kept: String) {
    #expect(Credentials.removed(from: text) == kept)
  }

  @Test(arguments: [
    "", " ", "plain words, and (brackets)", "unexpected token: name", "Unexpected token < in JSON at position 4",
    "sk-", "sk-short", "12345 tokens used", "see https://host.example/a?b=c#d", "key: value",
    "-----BEGIN CERTIFICATE-----", "é😀\u{FFFD}\n\t", "ask-forgiveness", "https://", "cannot run /etc/passwd: denied",
  ])
  func `other text stays as it is`(text: String) {
    #expect(Credentials.removed(from: text) == text)
  }
}
