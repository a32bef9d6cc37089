#!/usr/bin/env python3
"""Writes the manual pages (mdoc): one a command from what `radiomicsd --help` prints, and radiomicsd.yaml(5) from the
comments of the configuration. No text of a page is kept anywhere else.

    tools/manual.py PROGRAM FOLDER [CONFIGURATION]        FOLDER/man1/*.1 and FOLDER/man5/*.5

PROGRAM is the built radiomicsd, CONFIGURATION the file as it is installed (by default the checkout's). The date is that of SOURCE_DATE_EPOCH, else of the newest text they are made from.
"""

import datetime
import json
import os
import re
import subprocess
import sys
import textwrap

CHECKOUT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
CONFIGURATION = os.path.join(CHECKOUT, "etc", "radiomicsd.yaml")
COMMANDS = os.path.join(CHECKOUT, "docs", "commands.md")


def main():
    global CONFIGURATION
    program, folder = sys.argv[1:3]
    CONFIGURATION = (sys.argv[3:] or [CONFIGURATION])[0]
    dump = subprocess.run([program, "--experimental-dump-help"], check=True, capture_output=True, text=True).stdout
    root = json.loads(dump)["command"]
    version = subprocess.run([program, "--version"], check=True, capture_output=True, text=True).stdout.strip()
    pages = Pages(root, version)
    for section, name, text in [*pages.commands(), pages.configuration()]:
        os.makedirs(os.path.join(folder, f"man{section}"), exist_ok=True)
        path = os.path.join(folder, f"man{section}", f"{name}.{section}")
        with open(path, "w", encoding="utf-8", newline="\n") as file:
            file.write(text)


class Pages:
    def __init__(self, root, version):
        self.root = root
        self.version = version
        seconds = os.environ.get("SOURCE_DATE_EPOCH") or max(os.path.getmtime(p) for p in (CONFIGURATION, COMMANDS))
        date = datetime.datetime.fromtimestamp(int(float(seconds)), datetime.timezone.utc)
        self.date = f"{date:%B} {date.day}, {date.year}"
        self.children = shown(root.get("subcommands", []))

    def commands(self):
        yield 1, "radiomicsd", self.program()
        for command in self.children:
            yield 1, f"radiomicsd-{command['commandName']}", self.command(command)

    def program(self):
        page = self.head("RADIOMICSD", 1, "radiomicsd", self.root["abstract"])
        page += [".Sh SYNOPSIS", ".Nm radiomicsd", ".Ar command", ".Op Ar options ...", ".Sh DESCRIPTION"]
        page += paragraphs(self.root.get("discussion", ""))
        page += [".Pp", "The commands, each with a page of its own:", ".Bl -tag -width stability"]
        for child in self.children:
            page += [f".It Xr radiomicsd-{child['commandName']} 1", *sentences(child["abstract"])]
        page += [".El", ".Sh OPTIONS", *self.options(self.root)]
        page += [".Sh FILES", ".Bl -tag -width Ds", ".It Pa /etc/radiomicsd/radiomicsd.yaml",
                 "The configuration, see", ".Xr radiomicsd.yaml 5 .", ".El"]
        return self.end(page, ["radiomicsd.yaml 5"])

    def command(self, command):
        name = command["commandName"]
        page = self.head(f"RADIOMICSD-{name.upper()}", 1, f"radiomicsd-{name}", command["abstract"])
        verbs = shown(command.get("subcommands", []))
        page += [".Sh SYNOPSIS"]
        for verb in verbs or [command]:
            page += synopsis(f"radiomicsd {name}" + ("" if verb is command else f" {verb['commandName']}"), verb)
        page += [".Sh DESCRIPTION", *paragraphs(command.get("discussion") or command["abstract"])]
        for verb in verbs:
            page += [f".Ss {macro('radiomicsd ' + name + ' ' + verb['commandName'])}", *paragraphs(verb["abstract"])]
            if verb.get("discussion"):
                page += [".Pp", *paragraphs(verb["discussion"])]
            page += self.options(verb)
        if not verbs:
            page += [".Sh OPTIONS", *self.options(command)]
        page += exit_status()
        others = [] if name == "phantom" else ["radiomicsd.yaml 5"]
        return self.end(page, ["radiomicsd 1", *others])

    def configuration(self):
        intro, sections = configuration_text()
        page = self.head("RADIOMICSD.YAML", 5, "radiomicsd.yaml", "Configuration of radiomicsd.")
        page += [".Sh DESCRIPTION", *intro]
        for title, keys in sections:
            page += [f".Ss {macro(title)}", ".Bl -tag -width Ds"]
            for names, value, text in keys:
                page += [".It " + " , ".join(f"Va {name}" for name in names)
                         + (f" No = Li {quoted(value)}" if value else "")]
                page += text
            page += [".El"]
        page += [".Sh FILES", ".Bl -tag -width Ds", ".It Pa /etc/radiomicsd/radiomicsd.yaml",
                 "Where commands look unless", ".Fl -config", "names another.", ".El"]
        return 5, "radiomicsd.yaml", self.end(page, ["radiomicsd 1", "radiomicsd-serve 1", "radiomicsd-doctor 1"])

    def head(self, title, section, name, abstract):
        first = abstract[0].lower() + abstract[1:] if abstract[1:2].islower() else abstract
        return [f".Dd {self.date}", f".Dt {title} {section}", f".Os radiomicsd {self.version}", ".Sh NAME",
                f".Nm {name}", f".Nd {text_line(first.rstrip('.'))}"]

    def options(self, command):
        lines = [".Bl -tag -width Ds"]
        for argument in arguments(command):
            if command is not self.root and argument.get("preferredName", {}).get("name") in ("help", "version"):
                continue
            lines.append(f".It {tag(argument)}")
            about = argument.get("abstract", "")
            default = argument.get("defaultValue")
            if default is not None and "default" not in about:
                about = about.rstrip() + f" (default: {default})"
            lines += sentences(about)
            if argument.get("discussion"):
                lines += [".Pp", *paragraphs(argument["discussion"])]
        return lines + [".El"]

    def end(self, page, related):
        page += [".Sh SEE ALSO"]
        related = sorted(related, key=lambda entry: (entry.split()[1], entry))
        page += [f".Xr {entry} ," for entry in related[:-1]] + [f".Xr {related[-1]}"]
        page += [".Pp", "The documents in", ".Pa /usr/share/doc/radiomicsd ,", "or of the source, in",
                 ".Pa docs ."]
        return "\n".join(page) + "\n"


def shown(commands):
    return [c for c in commands if c.get("shouldDisplay", True) and c["commandName"] != "help"]


def arguments(command):
    return [a for a in command.get("arguments", []) if a.get("shouldDisplay", True)]


def spelled(name):
    """`Fl o` and `Fl -output`, which are printed as -o and --output."""
    return "Fl " + macro(("-" if name["kind"] == "long" else "") + name["name"])


def tag(argument):
    if argument["kind"] == "positional":
        return f"Ar {macro(argument['valueName'])}"
    names = sorted(argument["names"], key=lambda name: name["kind"] == "long")
    line = " , ".join(spelled(name) for name in names)
    if argument["kind"] == "option":
        line += f" Ar {macro(argument['valueName'])}"
    return line


def synopsis(name, command):
    lines = [f".Nm {name}"]
    for argument in arguments(command):
        if argument["kind"] == "positional":
            use = f"Ar {macro(argument['valueName'])}"
        else:
            use = spelled(argument["preferredName"])
            if argument["kind"] == "option":
                use += f" Ar {macro(argument['valueName'])}"
        if argument["isRepeating"]:
            use += " ..."
        if argument.get("preferredName", {}).get("name") in ("help", "version"):
            continue
        lines.append(f".Op {use}" if argument["isOptional"] else f".{use}")
    return lines


def exit_status():
    """The table of exit statuses of docs/commands.md."""
    with open(COMMANDS, encoding="utf-8") as file:
        rows = re.findall(r"^\| (\d+) \| (.+?) \|$", file.read(), re.M)
    if not rows:
        sys.exit(f"{COMMANDS}: no table of exit statuses")
    lines = [".Sh EXIT STATUS", ".Bl -tag -width Ds"]
    for status, meaning in rows:
        lines += [f".It {status}", *sentences(meaning[0].upper() + meaning[1:] + ".")]
    return lines + [".El"]


# Text

def text_line(text):
    """Plain text as roff reads it: no line is taken for a macro, a dash that begins an option stays a minus."""
    text = text.replace("\\", "\\e")
    text = text.replace("--", "\\-\\-")
    text = re.sub(r"(?<![\w\\-])-(?=\w)", r"\\-", text)
    return "\\&" + text if text[:1] in (".", "'") else text


def macro(text):
    """An argument of a macro."""
    return quoted(text) if re.search(r"[\s\"]", text) else text.replace("\\", "\\e")


def quoted(text):
    return '"' + text.replace("\\", "\\e").replace('"', '""') + '"'


def sentences(text):
    """A sentence begins a line, as mdoc wants it, and no line is long."""
    parts = re.split(r"(?<=[A-Za-z0-9)'][.!?]) +(?=[A-Z])", " ".join(text.split()))
    wrapped = (textwrap.wrap(part, 72, break_long_words=False, break_on_hyphens=False) for part in parts)
    return [text_line(line) for lines in wrapped for line in lines]


def paragraphs(text):
    """Paragraphs; lines that are indented stay as they are."""
    lines = []
    for number, paragraph in enumerate(re.split(r"\n\s*\n", text.strip("\n"))):
        if all(line.startswith("  ") for line in paragraph.split("\n")):
            width = min(len(line) - len(line.lstrip()) for line in paragraph.split("\n"))
            lines += [".Bd -literal -offset indent", *(text_line(line[width:]) for line in paragraph.split("\n")), ".Ed"]
        else:
            lines += ([".Pp"] if number else []) + sentences(paragraph)
    return lines


# The configuration

def configuration_text():
    """Its introduction, and by section the keys with their example and comment."""
    with open(CONFIGURATION, encoding="utf-8") as file:
        lines = file.read().split("\n")
    intro, sections, comment, last = None, [], [], None
    for number, line in enumerate(lines):
        following = lines[number + 1] if number + 1 < len(lines) else ""
        heading = re.match(r"# --- (.+?) -+$", line)
        key = re.match(r"(?:# )?([a-z_]+):(?: (.*))?$", line)
        if heading:
            intro = intro or comments(comment)
            sections.append((heading[1], []))
            comment, last = [], None
        elif key and sections and (line[0] != "#" or not following or following.startswith("#   ")):
            keys = sections[-1][1]
            if comment or last is None:
                keys.append(([key[1]], key[2], comments(comment)))
            else:
                # Two keys below one comment.
                keys[-1] = (keys[-1][0] + [key[1]], None, keys[-1][2])
            comment, last = [], key[1]
        elif line.startswith("#   ") and last:
            # What is below a key that is commented out is its example.
            names, value, text = sections[-1][1][-1]
            example = [".Bd -literal -offset indent", last + ":", text_line(line[2:]), ".Ed"]
            if text[-1:] == [".Ed"] and last + ":" in text:
                text = text[:-1]
                example = example[2:]
            sections[-1][1][-1] = (names, None, text + example)
        elif line.startswith("#"):
            comment.append(line[1:].removeprefix(" "))
            last = None
        elif comment and sections:
            comment.append("")
        elif not line:
            last = None
    return intro, sections


def comments(lines):
    """A comment's text; indented lines stay as they are."""
    groups = []
    for line in lines:
        indented = line.startswith("  ")
        if not line.strip():
            groups.append(("", []))
        elif groups and groups[-1][0] == indented:
            groups[-1][1].append(line)
        else:
            groups.append((indented, [line]))
    result = []
    for indented, group in groups:
        if not group:
            continue
        if indented:
            result += paragraphs("\n".join(group))
        else:
            result += ([".Pp"] if result else []) + sentences("\n".join(group))
    return result


if __name__ == "__main__":
    main()
