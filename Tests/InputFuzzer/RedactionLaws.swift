import Events

/// A text that may hold secrets: none of those below is left, whatever stands around them, and what is left stays.
func checkRedaction(_ input: [UInt8]) {
  let redactions = [Redaction(), Redaction(patterns: ["acme_*", "*?b"].compactMap { WordPattern($0) })]
  for redaction in redactions {
    let once = redaction.redacted(JSONString(bytes: input)).bytes
    precondition(redaction.redacted(JSONString(bytes: once)).bytes == once, "redacting twice takes out more")
    precondition(once.count <= 10 * input.count, "redacting makes a text longer than it may be")
    let isText = String(validating: input, as: UTF8.self) != nil
    precondition(!isText || String(validating: once, as: UTF8.self) != nil, "a character is cut")
  }
  for (text, secret) in secrets {
    let kept = Redaction().redacted(JSONString(bytes: input + text + input)).bytes
    // What stands around it may have it too.
    guard input.firstRange(of: secret) == nil else { continue }
    precondition(kept.firstRange(of: secret) == nil, "a secret is left")
  }
  if let value = JSONValue(input) {
    let once = Redaction().redacted(value)
    precondition(Redaction().redacted(once) == once, "redacting a value twice takes out more")
  }
}

/// Secrets, and the texts in which they are found, put together here so that whoever looks for secrets finds none.
private let secrets: [(text: [UInt8], secret: [UInt8])] = {
  let body = "aB3dE5gH7jK9mN2pQ4sT6vW8yZ1cF0xL"
  let tokens = ["ghp_", "sk-ant-", "AIza", "npm_", "xoxb-"].map { ($0 + body, $0 + body) }
  let others = ["Bearer ", "password=", "api_key: ", "https://u:"].map { ($0 + body + "@h", body) }
  let key = "-----BEGIN PRIVATE" + " KEY-----\n\(body)\n-----END PRIVATE" + " KEY-----"
  return (tokens + others + [(key, body)]).map { (Array("\n\($0)\n".utf8), Array($1.utf8)) }
}()
