internal import Events
internal import Git

// What looks like a secret is taken out of `error`, `usage` and `model_usage` before an event is stored:
//
//   git config kitty-telemetry.redact false              nothing is taken out
//   git config --add kitty-telemetry.redactPattern acme_*    words that the pattern matches are taken out too

/// How a repository wants secrets taken out of what it records.
struct RedactionSettings {
  /// How texts are redacted; `nil` where that is turned off.
  let redaction: Redaction?
  /// What is wrong with the settings, a sentence each.
  private(set) var troubles: [String] = []

  static let setting = "kitty-telemetry.redact"
  static let patternSetting = "kitty-telemetry.redactPattern"
  /// How many patterns are looked for in each word.
  private static let maximumPatterns = 64

  /// The settings where there is no repository to ask.
  static let usual = RedactionSettings(redaction: Redaction())

  private init(redaction: Redaction) { self.redaction = redaction }

  /// Reads the settings of a repository; what cannot be read turns nothing off.
  init(of repository: borrowing Repository) {
    var patterns: [WordPattern] = []
    do throws(GitError) {
      if let value = try repository.configuration(RedactionSettings.setting),
        ["false", "no", "off", "0"].contains(value.lowercased())
      {
        redaction = nil
        return
      }
      for text in try repository.configurations(RedactionSettings.patternSetting) {
        guard let pattern = WordPattern(text), patterns.count < RedactionSettings.maximumPatterns else {
          troubles.append(
            "cannot use a \(RedactionSettings.patternSetting): a pattern is one word of 1 to "
              + "\(WordPattern.maximumLength) bytes without quotes, brackets and ,;=&|, and there are at most "
              + "\(RedactionSettings.maximumPatterns); change it with git config")
          continue
        }
        patterns.append(pattern)
      }
    } catch {
      troubles.append("\(error)")
    }
    redaction = Redaction(patterns: patterns)
  }
}
