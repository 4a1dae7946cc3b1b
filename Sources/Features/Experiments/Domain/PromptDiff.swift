package import EdisonPrompts
import EdisonText

/// The difference of two versions as people and the result file see it.
package enum PromptDiff {
    package static func unified(from old: PromptContent, to new: PromptContent) -> String {
        let system = LineDiff(from: old.systemText ?? "", to: new.systemText ?? "").unified(path: "system.txt")
        return system + LineDiff(from: old.shownText, to: new.shownText).unified(path: "prompt.txt")
    }
}
