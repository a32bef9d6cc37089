#!/usr/bin/env python3
"""Counts phrases that the language rule of CONTRIBUTING.md forbids, and test names that break it.

    tools/check_english.py            fails where a count is above the one in tools/english.json
    tools/check_english.py --list     prints every place
    tools/check_english.py --update   stores lower counts (never higher ones)

Counts may only fall. What a pattern reports is a suggestion: rewrite the sentence as subject, verb, object.
"""
import json
import re
import subprocess
import sys
from pathlib import Path

root = Path(__file__).resolve().parent.parent
limits_file = root / "tools/english.json"

thing = (r"row|line|column|number|value|file|folder|process|entry|byte|voxel|case|job|study|level|key|member|object|"
         r"sentence|note|array|point|bit|item|table|list|worker|text|vector|count|feature|frame|slice|thread|mm|MiB|bytes|bits")
patterns = {
    "nobody, somebody, whoever: name the process, user or operator":
        r"\b(nobody|somebody|whoever|anybody|everybody)\b",
    "for ever: without end, infinitely, always":
        r"\bfor ever\b",
    "a row a case: one row per case":
        rf"\b(?:{thing}) an? (?:{thing}|name|repeat|fold|tree|component|patient|second|group|centre|threshold|permutation|phase)\b",
    "is told, tells of: is reported, states":
        r"\b(?:is|are|was) told\b|\btold (?:of|apart|as)\b|\bso it is told\b",
    "is no number, are no labels: is not a number":
        r"(?<!there )(?<!There )(?<!where )(?<!/ )\b(?:is|are|was|were) no (?!longer|more than|fewer|less|larger|smaller|farther|wider|such)"
        r"[a-z]+",
    "what is X is Y: name the subject":
        r"(?:^|\. |/// |// |^\| ?|^- )What (?:is|was|are|were|it|they|a|an|the|cannot|has|lies|comes|stands|remains|"
        r"belongs|you|we)\b(?!.*\?)",
    "for as because":
        r"[a-z)`], for (?:it|they|he|there|among|nothing|who|what|without|only|in|of)\b",
    "all the same, anew, but for: anyway, again, except":
        r"\ball the same\b|\banew\b|\bbut for\b",
}
patterns = {name: re.compile(text, 0 if "What" in text else re.I) for name, text in patterns.items()}

article = re.compile(r"^(?:an?|the|what|that|who|whom|whoever|it|its|is|has)(?=[A-Z])|[a-z](?:That|What|Whom|Nobody|Somebody)[A-Z]")


def documents():
    for pattern in ("*.md", "docs/**/*.md", "etc/*.yaml", "systemd/*", "python/*.md", "Tests/*.md", "Tests/*/*.md"):
        yield from sorted(root.glob(pattern))


def lines(path):
    """Lines of a document, or the comments and texts of a Swift file."""
    swift = path.suffix == ".swift"
    for number, line in enumerate(path.read_text(encoding="utf-8", errors="replace").split("\n"), 1):
        if not swift or "//" in line or '"' in line:
            yield number, line


def names():
    """Test functions: their names, and whether a sentence stands in @Test."""
    found = re.compile(r'@Test(?P<arguments>\((?:[^()"]|"(?:[^"\\]|\\.)*"|\((?:[^()"]|"(?:[^"\\]|\\.)*"|\([^()]*\))*\))*\))?'
                       r"\s*(?:@\w+(?:\([^)]*\))?\s*)*func (?P<name>\w+)")
    for path in sorted(root.glob("Tests/**/*.swift")):
        text = path.read_text(encoding="utf-8")
        for match in found.finditer(text):
            name, arguments = match["name"], (match["arguments"] or "").lstrip("( \n")
            faults = []
            if article.search(name):
                faults.append("article, relative or pronoun in the name")
            if len(name) > 45:
                faults.append(f"{len(name)} characters")
            if not arguments.startswith('"'):
                faults.append("no sentence in @Test")
            if faults:
                number = text.count("\n", 0, match.start()) + 1
                yield path, number, f"{name}: {', '.join(faults)}"


def places():
    result = {"Sources": [], "Tests": [], "documents": [], "test names": list(names())}
    for area, paths in (("Sources", root.glob("Sources/**/*.swift")), ("Tests", root.glob("Tests/**/*.swift")),
                        ("documents", documents())):
        for path in sorted(paths):
            if path.is_symlink() or not path.is_file() or "Fixtures" in path.parts:
                continue
            for number, line in lines(path):
                for name, pattern in patterns.items():
                    match = pattern.search(line)
                    if match:
                        result[area].append((path, number, f"{match[0].strip()}    ({name})"))
    return result


def changed():
    """Files that differ from the last commit, to show what is most likely new."""
    done = subprocess.run(["git", "-C", str(root), "diff", "--name-only", "HEAD"], capture_output=True, text=True)
    return {root / name for name in done.stdout.split("\n") if name}


def main():
    found = places()
    counts = {area: len(list_) for area, list_ in found.items()}
    if "--list" in sys.argv:
        for list_ in found.values():
            for path, number, text in list_:
                print(f"{path.relative_to(root)}:{number}: {text}")
    limits = json.loads(limits_file.read_text()) if limits_file.exists() else {}
    if "--update" in sys.argv:
        lower = {area: min(count, limits.get(area, count)) for area, count in counts.items()}
        limits_file.write_text(json.dumps(lower, indent=2) + "\n")
        limits = lower
    failed = False
    recent = changed()
    for area, count in counts.items():
        limit = limits.get(area, 0)
        if count > limit:
            failed = True
            print(f"check_english: {area}: {count}, at most {limit} allowed; new ones are among:", file=sys.stderr)
            list_ = [place for place in found[area] if place[0] in recent] or found[area]
            for path, number, text in list_[:40]:
                print(f"  {path.relative_to(root)}:{number}: {text}", file=sys.stderr)
    if not failed:
        print("check_english: " + ", ".join(f"{area} {count}" for area, count in counts.items()))
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
