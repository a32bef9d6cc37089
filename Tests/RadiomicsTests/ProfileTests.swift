import Errors
import Foundation
import Radiomics
import TestKit
import Testing

@Suite struct ProfileTests {
  @Test("The built-in profiles equal the files that ship", arguments: ["jiao2024", "ctu-982", "pyradiomics-defaults"])
  func builtInProfilesEqualShippedFiles(_ name: String) throws {
    let path = SharedData.checkout.appendingPathComponent("etc/profiles/\(name).yaml").path
    let file = try ExtractionProfile.named(path)
    let builtIn = try ExtractionProfile.named(name)
    #expect(file.sha256 == builtIn.sha256)
    #expect(file.name == name)
  }

  @Test(
    "Errors of a profile name what is wrong",
    arguments: [
      ("setting:\n  binwidth: 25\n", "line 2: setting 'binwidth'"),
      ("setting:\n  binWidth: -1\n", "line 2: 'binWidth' takes a number above 0"),
      ("setting:\n  binWidth: 25\n  binWidth: 5\n", "duplicated key(s): 'binWidth'"),
      ("settings:\n  binWidth: 25\n", "unknown section 'settings'"),
      ("imageType:\n  Log: {}\n", "image type 'Log'"),
      ("imageType:\n  LoG: {}\n", "LoG needs 'sigma'"),
      ("featureClass:\n  glcm:\n    - Contrats\n", "no feature 'Contrats'"),
      ("featureClass:\n  texture:\n", "feature class 'texture'"),
      ("setting:\n  interpolator: sitkCubic\n", "interpolator 'sitkCubic'"),
      ("setting:\n  resampledPixelSpacing: [1, 1]\n", "three numbers"),
      ("setting:\n  geometryTolerances: 0.1\n", "setting 'geometryTolerances' is not supported"),
      ("setting:\n  kernelRadius: 1\n", "'kernelRadius' belongs to the section voxelSetting"),
      ("imageType:\n  LBP2D: {lbp2DMethod: ror, lbp2DSamples: 40}\n", "at most 31 lbp2DSamples"),
      ("- a\n- b\n", "not a mapping"),
      ("setting: [1\n", "not YAML"),
    ])
  func profileErrorsNameTheKey(_ text: String, _ wanted: String) throws {
    do {
      _ = try ExtractionProfile(parsing: text, name: "p.yaml")
      Issue.record("accepted")
    } catch let error as StudyError {
      #expect(error.code == .profile)
      #expect(error.code.exit == .configuration)
      #expect(error.description.contains(wanted), "\(error)")
      #expect(error.file == "p.yaml")
    }
  }

  @Test("The defaults are PyRadiomics'")
  func defaultsMatchPyRadiomics() throws {
    let profile = try ExtractionProfile(parsing: "", name: "p")
    #expect(profile.imageTypes.map(\.type) == [.original])
    #expect(profile.featureClasses.map(\.featureClass) == [.firstorder, .glcm, .gldm, .glrlm, .glszm, .ngtdm, .shape])
    #expect(profile.settings.binning == .width(25))
    #expect(profile.settings.resampledPixelSpacing == nil)
  }

  @Test("The settings of an image type override the profile's")
  func imageTypeSettingsOverrideProfile() throws {
    let text = "imageType:\n  Original:\n    binWidth: 10\n  Wavelet: {}\nsetting:\n  binWidth: 3\n"
    let profile = try ExtractionProfile(parsing: text, name: "p")
    #expect(profile.imageTypes.map(\.settings.binning) == [.width(10), .width(3)])
  }

  @Test("A missing profile file is a configuration error")
  func missingProfileIsConfigurationError() {
    do {
      _ = try ExtractionProfile.named("/nonexistent/p.yaml")
      Issue.record("accepted")
    } catch { #expect((error as? StudyError)?.code.exit == .configuration) }
  }
}
