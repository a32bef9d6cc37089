"""The package against the program. Needs RADIOMICSD or radiomicsd on PATH, and nothing but Python's own library and PyYAML."""

import importlib.util
import os
import sys
import tempfile
import unittest
from pathlib import Path

sys.path[:0] = [str(Path(__file__).resolve().parent), str(Path(__file__).resolve().parent.parent)]

import small_case

import radiomicsd
from radiomicsd import featureextractor


class ExtractTests(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.home = tempfile.TemporaryDirectory()
        cls.image, cls.mask = small_case.write(cls.home.name)

    @classmethod
    def tearDownClass(cls):
        cls.home.cleanup()

    def test_features_are_numbers_by_name(self):
        features = radiomicsd.extract(self.image, self.mask, "pyradiomics-defaults")
        self.assertEqual(len(features), 107)
        self.assertAlmostEqual(features["original_shape_VoxelVolume"], 10 * 7 * 7 * 0.8 * 0.9 * 2.5, places=3)

    def test_diagnostics_come_first_when_asked_for(self):
        names = list(radiomicsd.extract(self.image, self.mask, "pyradiomics-defaults", diagnostics=True))
        self.assertTrue(names[0].startswith("diagnostics_"))
        self.assertEqual(len([name for name in names if not name.startswith("diagnostics_")]), 107)

    def test_dictionary_of_parameters_is_a_parameter_file(self):
        features = radiomicsd.extract(
            self.image,
            self.mask,
            {"featureClass": {"firstorder": ["Mean", "Maximum"]}, "setting": {"binWidth": 10, "distances": (1, 2)}},
        )
        self.assertEqual(list(features), ["original_firstorder_Mean", "original_firstorder_Maximum"])

    def test_refusal_is_a_value_error_with_the_code(self):
        with self.assertRaises(radiomicsd.RadiomicsdError) as caught:
            radiomicsd.extract(self.image, self.mask, label=7)
        self.assertIsInstance(caught.exception, ValueError)
        self.assertEqual(caught.exception.code, "E_LABEL_MISSING")
        self.assertEqual(caught.exception.exit_status, 66)

    def test_unknown_setting_is_refused_by_name(self):
        with self.assertRaisesRegex(radiomicsd.RadiomicsdError, "binWidht"):
            radiomicsd.extract(self.image, self.mask, {"setting": {"binWidht": 5}})

    def test_absent_image_is_refused(self):
        with self.assertRaises(radiomicsd.RadiomicsdError) as caught:
            radiomicsd.extract(os.path.join(self.home.name, "none.nii"), self.mask)
        self.assertEqual(caught.exception.exit_status, 66)

    def test_image_of_another_type_is_a_type_error(self):
        with self.assertRaises(TypeError):
            radiomicsd.extract(12, self.mask)

    def test_cases_give_a_row_each_and_failures_say_why(self):
        rows = radiomicsd.extract_cases(
            [
                {"Image": self.image, "Mask": self.mask, "Patient": "007"},
                {"Image": self.image, "Mask": self.image, "Patient": "008"},
            ],
            "pyradiomics-defaults",
            dataframe=False,
        )
        self.assertEqual([row["Patient"] for row in rows], ["007", "008"])
        self.assertIsInstance(rows[0]["original_firstorder_Mean"], float)
        self.assertTrue(rows[1]["radiomicsd_code"].startswith("E_"))

    def test_program_that_is_not_there_is_said(self):
        before = os.environ.get("RADIOMICSD")
        os.environ["RADIOMICSD"] = os.path.join(self.home.name, "absent")
        try:
            with self.assertRaises(radiomicsd.RadiomicsdError) as caught:
                radiomicsd.version()
            self.assertEqual(caught.exception.code, "E_NO_PROGRAM")
        finally:
            if before is None:
                del os.environ["RADIOMICSD"]
            else:
                os.environ["RADIOMICSD"] = before


class ExtractorTests(unittest.TestCase):
    """PyRadiomics' calls."""

    @classmethod
    def setUpClass(cls):
        cls.home = tempfile.TemporaryDirectory()
        cls.image, cls.mask = small_case.write(cls.home.name, labels=(1, 2))
        cls.parameters = os.path.join(cls.home.name, "params.yaml")
        Path(cls.parameters).write_text(
            "imageType:\n  Wavelet: {}\n  Original: {}\n"
            "featureClass:\n  ngtdm: [Strength, Busyness]\n  firstorder: [Mean]\n  shape:\n"
            "setting:\n  binWidth: 20\n  label: 2\n"
        )

    @classmethod
    def tearDownClass(cls):
        cls.home.cleanup()

    def names(self, extractor, **options):
        return [name for name in extractor.execute(self.image, self.mask, **options) if not name.startswith("diag")]

    def test_defaults_are_pyradiomics_defaults(self):
        extractor = featureextractor.RadiomicsFeatureExtractor()
        result = extractor.execute(self.image, self.mask)
        self.assertEqual(len([name for name in result if name.startswith("original_")]), 107)
        self.assertTrue(next(iter(result)).startswith("diagnostics_Versions_PyRadiomics"))
        self.assertEqual(result["diagnostics_Configuration_Settings"]["label"], 1)
        self.assertIsInstance(result["diagnostics_Mask-original_BoundingBox"], tuple)
        self.assertIsInstance(result["diagnostics_Mask-original_VoxelNum"], int)

    def test_order_is_that_of_the_parameters(self):
        names = self.names(featureextractor.RadiomicsFeatureExtractor(self.parameters))
        self.assertTrue(names[0].startswith("original_shape_"))
        self.assertEqual(names[14:17], ["wavelet-LLH_ngtdm_Strength", "wavelet-LLH_ngtdm_Busyness", "wavelet-LLH_firstorder_Mean"])
        self.assertEqual(names[-1], "original_firstorder_Mean")

    def test_setting_stands_above_the_file(self):
        extractor = featureextractor.RadiomicsFeatureExtractor(self.parameters, binWidth=3, additionalInfo=False)
        self.assertEqual(extractor.settings["binWidth"], 3)
        self.assertFalse([name for name in extractor.execute(self.image, self.mask) if name.startswith("diag")])

    def test_label_of_the_call_stands_above_the_setting(self):
        extractor = featureextractor.RadiomicsFeatureExtractor(self.parameters)
        one = extractor.execute(self.image, self.mask, label=1)
        two = extractor.execute(self.image, self.mask)
        self.assertEqual(one["diagnostics_Configuration_Settings"]["label"], 1)
        self.assertNotEqual(one["original_firstorder_Mean"], two["original_firstorder_Mean"])

    def test_image_types_and_features_are_enabled_by_name(self):
        extractor = featureextractor.RadiomicsFeatureExtractor()
        extractor.disableAllFeatures()
        extractor.enableFeaturesByName(firstorder=["Mean", "Skewness"])
        extractor.enableFeatureClassByName("ngtdm")
        extractor.disableAllImageTypes()
        extractor.enableImageTypeByName("LoG", customArgs={"sigma": [2.0]})
        extractor.enableImageTypes(Original={}, Square={})
        names = self.names(extractor)
        self.assertEqual(names[:2], ["log-sigma-2-0-mm-3D_firstorder_Mean", "log-sigma-2-0-mm-3D_firstorder_Skewness"])
        self.assertEqual(len(names), 3 * (2 + 5))
        extractor.enableFeatureClassByName("ngtdm", enabled=False)
        extractor.enableImageTypeByName("LoG", enabled=False)
        self.assertEqual(len(self.names(extractor)), 2 * 2)

    def test_json_parameters_are_read(self):
        extractor = featureextractor.RadiomicsFeatureExtractor()
        extractor.loadJSONParams('{"featureClass": {"firstorder": ["Energy"]}, "setting": {"binWidth": 5}}')
        self.assertEqual(self.names(extractor), ["original_firstorder_Energy"])

    def test_absent_parameter_file_is_an_io_error(self):
        with self.assertRaises(IOError):
            featureextractor.RadiomicsFeatureExtractor(os.path.join(self.home.name, "none.yaml"))


@unittest.skipUnless(importlib.util.find_spec("radiomics"), "PyRadiomics is not installed")
class AgreementTests(unittest.TestCase):
    """Keys, types, order and numbers beside PyRadiomics itself, where it is installed."""

    SETTINGS = (
        ((), {}),
        ((), {"binWidth": 10, "resampledPixelSpacing": [1, 1, 2], "interpolator": "sitkLinear"}),
        (({"imageType": {"LoG": {"sigma": [1.0, 3.0]}, "Original": {}}, "setting": {"normalize": True, "binCount": 16}},), {}),
    )

    def test_results_equal_those_of_pyradiomics(self):
        import logging

        from radiomics import featureextractor as theirs

        logging.disable(logging.CRITICAL)
        with tempfile.TemporaryDirectory() as home:
            image, mask = small_case.write(home)
            for args, kwargs in self.SETTINGS:
                with self.subTest(args=args, kwargs=kwargs):
                    self.compare(
                        theirs.RadiomicsFeatureExtractor(*args, **kwargs).execute(image, mask),
                        featureextractor.RadiomicsFeatureExtractor(*args, **kwargs).execute(image, mask),
                    )

    def test_simpleitk_images_give_the_same(self):
        import SimpleITK

        with tempfile.TemporaryDirectory() as home:
            image, mask = small_case.write(home)
            extractor = featureextractor.RadiomicsFeatureExtractor()
            by_path = extractor.execute(image, mask)
            by_image = extractor.execute(SimpleITK.ReadImage(image), SimpleITK.ReadImage(mask))
            self.compare(by_path, by_image)

    def test_maps_equal_those_of_pyradiomics(self):
        import numpy
        import SimpleITK
        from radiomics import featureextractor as theirs

        with tempfile.TemporaryDirectory() as home:
            image, mask = small_case.write(home)
            own, other = (
                module.RadiomicsFeatureExtractor({"featureClass": {"firstorder": ["Mean", "Entropy"]}}).execute(
                    image, mask, voxelBased=True
                )
                for module in (featureextractor, theirs)
            )
            # PyRadiomics puts its diagnostics before the maps.
            maps = [name for name in other if not name.startswith("diagnostics_")]
            self.assertEqual(list(own), maps)
            for name in maps:
                a, b = (SimpleITK.GetArrayFromImage(result[name]) for result in (own, other))
                # Maps are NIfTI files, whose origin is float32.
                numpy.testing.assert_allclose(own[name].GetOrigin(), other[name].GetOrigin(), rtol=1e-6, atol=1e-6)
                numpy.testing.assert_allclose(a, b, rtol=1e-6, atol=1e-12)

    def compare(self, expected, actual):
        self.assertEqual(list(expected), list(actual))
        for name in expected:
            self.assertIs(type(expected[name]), type(actual[name]), name)
            if name.startswith(("diagnostics_Versions", "diagnostics_Configuration")):
                continue
            if name.startswith("diagnostics_") and isinstance(expected[name], (str, int)):
                self.assertEqual(expected[name], actual[name], name)
                continue
            pairs = zip(expected[name], actual[name]) if isinstance(expected[name], tuple) else [(expected[name], actual[name])]
            for a, b in pairs:
                self.assertIs(type(a), type(b), name)
                self.assertLessEqual(abs(float(a) - float(b)), 1e-6 * max(abs(float(a)), 1e-6), name)


if __name__ == "__main__":
    unittest.main()
