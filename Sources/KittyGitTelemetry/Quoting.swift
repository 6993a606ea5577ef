internal import Events

/// `text` in quotes, with what a terminal would act on made visible.
package func printable(_ text: String) -> String {
  var bytes: [UInt8] = []
  JSONString(text).appendCanonicalText(to: &bytes)
  return String(decoding: bytes, as: UTF8.self)
}

/// `text` as a shell reads it back.
package func shellWord(_ text: String) -> String {
  let isPlain = text.unicodeScalars.allSatisfy {
    $0.properties.isAlphabetic || ("0"..."9").contains($0) || "-_=./:,+%^~".unicodeScalars.contains($0)
  }
  return isPlain && !text.isEmpty ? text : "'\(text.replacing("'", with: #"'\''"#))'"
}
