import Errors
import Testing

/// Names of files in a study, judged in one place for inbox and worker.
@Suite struct StudyFileNameTests {
  @Test("Leftovers of operating systems and viewers are recognised")
  func systemLeftoversAreRecognised() {
    for name in [
      "Thumbs.db", "Icon\r", "._IM0001.dcm", ".Trashes", "autorun.inf", "VIEWER.EXE", "System Volume Information",
    ] {
      #expect(StudyFileName.isLeftover(name.utf8), "\(name)")
    }
    for name in ["IM0001", "mask.nii.gz", ".IM0001.dcm.Xa12", "study.yaml", "Icon", ".inf"] {
      #expect(!StudyFileName.isLeftover(name.utf8), "\(name)")
    }
  }

  @Test("Names that look meant as instructions are recognised")
  func nearInstructionNamesAreRecognised() {
    for name in [
      "Copy of study.yaml", "study.yaml ", " study.yaml", "study.yaml.bak", "study.yaml.md", "study.json",
      "study_yaml.txt", "study.ymal", "ｓtudy.yaml", "studyyaml", "study.rtf", "stduy.yaml", "study-yaml.txt",
      "study.yaml.doc", "study.conf", "study.toml", "study.yml.orig", "study.yaml~", "STUDY.YAML.BAK", "study.txt~",
      "study (1).yaml", "\u{FEFF}study.yaml", "study.txt.txt", "sudy.yml",
    ] {
      #expect(StudyFileName.instructions(name.utf8) == .nearly, "\(name)")
    }
    for name in [
      "study_01.dcm", "study.nii.gz", "study.zip", "study.nrrd", "study.mha", "study.ima", "study.pdf", "study",
      "studies",
      "IM0001", "notes.txt", "config.yaml", "study notes.txt", "study.csv", "mystudy.dcm", "study.yaml.dcm",
    ] {
      #expect(StudyFileName.instructions(name.utf8) == .no, "\(name)")
    }
    #expect(
      StudyFileName.instructions("study.txt".utf8) == .text && StudyFileName.instructions("Study.YML".utf8) == .yes)
    #expect(StudyFileName.isBareInstructions("Study ".utf8) && !StudyFileName.isBareInstructions("study1".utf8))
    #expect(StudyFileName.isHiddenInstructions(".study.yaml".utf8))
    #expect(!StudyFileName.isHiddenInstructions("._study.yaml".utf8))
  }

  @Test("The nearest word is a unique one or none")
  func nearestWordIsUniqueOrNone() {
    #expect(NearestWord.of("lable", in: ["label", "mask"]) == "label")
    #expect(NearestWord.of("Maks", in: ["label", "mask"]) == "mask")
    #expect(NearestWord.of("x", in: ["label", "mask"]) == nil)
    #expect(NearestWord.of("ab", in: ["abc", "abd"]) == nil)
  }

  @Test("Text is decoded, or refused as unknown")
  func textIsDecodedOrRefused() {
    #expect(PlainText.decode([0xFF, 0xFE, 0x61, 0]) == "a" && PlainText.decode([0, 0x61]) == "a")
    #expect(PlainText.decode([0xEF, 0xBB, 0xBF, 0x61]) == "a" && PlainText.decode([UInt8]()) == "")
    for bytes: [UInt8] in [[0xFF], [0xFF, 0xFE, 0x00, 0xD8], [0xFF, 0xFE, 0, 0, 0x61, 0, 0, 0], [0xC3]] {
      #expect(PlainText.decode(bytes) == nil)
    }
  }
}
