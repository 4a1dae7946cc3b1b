import EdisonCore
import Testing

@Suite("Slugs") struct SlugTests {
    @Test(
        "letters lose their marks, and what has no letter of its own in a–z is written with several",
        arguments: [
            ("Müller & Co", "muller-co"), ("Über Größe!!", "uber-grosse"), ("Ærø, Łódź", "aero-lodz"),
            ("  --  ", "unnamed"), ("日本", "unnamed"), ("a1 B2", "a1-b2"),
        ])
    func made(name: String, slug: String) {
        #expect(Slug.of(name) == slug)
    }

    @Test("a long name is cut, and does not end in a hyphen")
    func long() {
        #expect(Slug.of(String(repeating: "a", count: 49) + " b") == String(repeating: "a", count: 49))
    }
}
