import Errors
import Imaging

/// The content of an image, by its header: Image Type (0008,0008) from its third value on, Frame Type, the
/// attributes of multi-energy images, Rescale Type and Real World Value Mapping. The table is in `docs/inputs.md`.
enum ImageContent: Equatable {
  /// Attenuation in HU, of slices of the body.
  case attenuation
  /// Computed HU, or HU of reformatted slices: accepted with a note.
  case noted(Note)
  /// Not HU: the quantity.
  case notHU(String)
  /// Possibly HU, but not slices of a body: the kind of image.
  case derived(String)

  init(_ image: ImageHeader) {
    self = Self.judge(image)
  }

  /// Values that most images have and that mean nothing here.
  private static let plainValues: Set<String> = ["AXIAL", "VOLUME", "NONE", "HELIX", ""]

  private static func judge(_ image: ImageHeader) -> ImageContent {
    let isDerived = image.imageType.first.map { ImageWords($0).all.first == "DERIVED" } ?? false
    var noted: Note?
    for value in image.imageType.dropFirst(2) where !plainValues.contains(value) {
      let words = ImageWords(value)
      if let what = words.quantity(isDerived: isDerived) { return .notHU(what) }
      if let what = words.projection(isDerived: isDerived) ?? words.picture { return .derived(what) }
      noted = noted ?? words.computed ?? words.reformatted
    }
    if let what = projection(image) { return .derived(what) }
    if !image.realWorldUnits.isEmpty, !image.realWorldUnits.contains("[hnsf'U]") {
      return .notHU("its Real World Value Mapping is in other units than HU")
    }
    if let noted { return .noted(noted) }
    if image.isMultiEnergy {
      return .noted(
        Note(
          code: "IMAGE_MULTI_ENERGY",
          message: "the image is of a multi-energy acquisition and does not say what it shows"))
    }
    if isDerived, image.rescaleType.isEmpty {
      return .noted(
        Note(
          code: "RESCALE_TYPE_ABSENT",
          message: "the image is derived and has no Rescale Type; its values were taken as HU"))
    }
    return .attenuation
  }

  /// Volume Based Calculation Technique and Volumetric Properties of enhanced objects (PS3.3 C.8.16.2.1).
  private static func projection(_ image: ImageHeader) -> String? {
    switch image.volumeTechnique {
    case "MAX_IP": return "a maximum intensity projection"
    case "MIN_IP": return "a minimum intensity projection"
    case "VOLUME_RENDER", "SURFACE_RENDER": return "a rendering"
    case "CURVED_MPR": return "a curved reformation"
    default: break
    }
    return image.volumetricProperties == "DISTORTED" ? "a distorted volume" : nil
  }
}

/// The content of a series by its description, where that names something other than HU of slices. Descriptions are
/// typed by people: they are a reason for a note, not for a refusal.
func describedContent(_ image: ImageHeader) -> String? {
  let words = ImageWords(DisplayText(image.seriesDescription, characterSet: image.characterSet).text)
  if words.computed != nil || words.isMaterialDescription { return "a multi-energy image" }
  return words.isQuantityDescription ? "a map of another quantity" : words.projection(isDerived: false)
}

/// The words of one value of Image Type, whatever separates them: `DE_IODINE`, `Iodine(Water)`, `Z EFFECTIVE`.
struct ImageWords {
  let all: [Substring]
  /// Letters and digits alone.
  let compact: String

  init(_ text: String) {
    let upper = text.uppercased()
    all = upper.split { !($0.isLetter || $0.isNumber) }
    compact = all.joined()
  }

  private func has(_ words: String...) -> Bool { words.contains { word in all.contains { $0 == word } } }
  private func begins(_ words: String...) -> Bool { words.contains { word in all.contains { $0.hasPrefix(word) } } }
  private func holds(_ texts: StaticString...) -> Bool {
    let letters = Array(compact.utf8)
    return texts.contains { text in
      text.withUTF8Buffer { wanted in
        letters.count >= wanted.count
          && (0...(letters.count - wanted.count)).contains { letters[$0..<$0 + wanted.count].elementsEqual(wanted) }
      }
    }
  }

  /// A quantity other than attenuation.
  func quantity(isDerived: Bool) -> String? {
    // Images with iodine removed still show attenuation.
    if computed != nil { return nil }
    if begins("IODINE") || has("IOD", "WATER", "FAT", "CALCIUM", "HAP", "URIC", "GADOLINIUM", "BASIS")
      || holds("URICACID")
    {
      return "a map of a material"
    }
    if holds("MATSPECIFIC", "MATFRACTIONAL", "MATVALUEBASED", "MATERIALDENSITY", "MATERIALMAP", "MATDENSITY") {
      return "a map of a material"
    }
    if holds("MATMODIFIED", "HUMOD", "CALCIUMSUPPRESS") { return "attenuation with a material changed" }
    if holds("ZEFF", "EFFZ", "EFFECTIVEZ", "EFFATOMICNUM", "ATOMICNUMBER", "RHOZ") { return "effective atomic numbers" }
    if holds("ELECTRONDENS", "EDENS", "ELECDENS") || has("EDW", "RHO") { return "electron densities" }
    if has("PBV", "CBF", "CBV", "MTT", "TTP", "TMAX", "TTD", "PERMEABILITY") || isDerived && has("PERFUSION") {
      return "a map of perfusion"
    }
    if has("SUBTRACTION", "SUBTRACTED", "SUBTRACT") { return "a difference of images" }
    if isDerived, ["STDDEVIATION", "MULTIPLICATION", "DIVISION", "ADDITION"].contains(compact) {
      return "computed from several images (\(compact))"
    }
    return nil
  }

  /// In free text single words mean little: `water` may be a drink.
  var isMaterialDescription: Bool {
    let isPair =
      begins("IODINE") && has("WATER", "CALCIUM", "HAP") || has("HAP") && has("WATER") || has("FAT") && has("WATER")
    return isPair || holds("IODINEMAP", "IODINEDENSITY", "IODINEOVERLAY", "IODINENO", "URICACID", "MDIODINE", "MDWATER")
  }

  var isQuantityDescription: Bool {
    has("ZEFF", "CBF", "CBV", "MTT", "PBV", "TMAX") || holds("EFFECTIVEZ", "ZEFFECTIVE", "ELECTRONDENSITY")
  }

  /// An image that is not a slice.
  func projection(isDerived: Bool) -> String? {
    if has("MIP", "MAXIP") || holds("MAXIMUMINTENSITY") || isDerived && compact == "MAXIMUM" || compact == "MAXIP" {
      return "a maximum intensity projection"
    }
    if has("MINIP") || holds("MINIMUMINTENSITY") || isDerived && compact == "MINIMUM" || compact == "MINIP" {
      return "a minimum intensity projection"
    }
    if has("RAYSUM", "PROJECTION") || holds("RAYSUM") { return "a projection" }
    if has("VRT", "SSD") || begins("RENDER") || isDerived && has("3D", "VR") { return "a rendering" }
    if has("CPR", "CURVED", "PANOREX", "PANORAMIC") { return "a curved reformation" }
    return nil
  }

  /// A picture for viewing.
  var picture: String? {
    holds("SCREENSAVE", "SCREENSHOT", "SECONDARYCAPTURE", "BLACKIMAGE", "DOSEINFO", "DOSEREPORT") ? "a picture" : nil
  }

  /// HU that were computed from several energies.
  var computed: Note? {
    if holds("MATREMOVED", "VIRTUALNONCONTRAST", "VIRTUALUNENHANCED", "IODINEREMOVED") || begins("VNC") || has("VUE") {
      return Note(
        code: "IMAGE_MATERIAL_REMOVED",
        message: "a virtual image from which a material was removed, such as contrast: HU that were computed")
    }
    if begins("MONOE", "MONOCHROM", "MONOPLUS", "VMI") || has("MONO", "KEV") || isEnergy {
      return Note(
        code: "IMAGE_MONOENERGETIC", message: "a virtual monoenergetic image: HU of another energy than the tube's")
    }
    return nil
  }

  /// `70KEV`, `MONO70`.
  private var isEnergy: Bool {
    all.contains { word in
      let digits = word.hasSuffix("KEV") ? word.dropLast(3) : word.hasPrefix("MONO") ? word.dropFirst(4) : ""
      return (2...3).contains(digits.count) && digits.allSatisfy(\.isNumber)
    }
  }

  /// Slices that were interpolated from others.
  var reformatted: Note? {
    guard has("MPR", "REFORMATTED", "AVERAGE", "MEAN", "RESAMPLED", "THICK") else { return nil }
    return Note(
      code: "IMAGE_REFORMATTED", message: "slices that were averaged or interpolated from others, not reconstructed")
  }
}
