extension IBSIReference {
  /// Consensus values on IBSI's CT phantom, prepared by configurations C, D and E, of the features of `digitalPhantom`,
  /// and of GLCM and GLRLM with the directions merged (tags that end in `comb`).
  ///
  /// Values: Image Biomarker Standardisation Initiative, reference manual, https://ibsi.readthedocs.io (CC BY 4.0).
  static func ctPhantom(_ configuration: IBSIComparison.Configuration) -> [IBSIReference] {
    let column =
      switch configuration {
      case .c: 2
      case .d: 4
      case .e: 6
      }
    return ctTable.split(separator: "\n").map { line in
      let cells = line.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
      return IBSIReference(
        feature: cells[0], code: codes[cells[0]] ?? "", tag: cells[1], printed: cells[column],
        tolerance: Double(cells[column + 1]) ?? 0)
    }
  }

  /// PyRadiomics' name, IBSI tag, then value and tolerance of C, D and E.
  private static let ctTable = """
    shape_MeshVolume,morph_volume,367000,6000,367000,6000,367000,6000
    shape_VoxelVolume,morph_vol_approx,368000,6000,368000,6000,368000,6000
    shape_SurfaceArea,morph_area_mesh,34300,400,34300,400,34300,400
    shape_SurfaceVolumeRatio,morph_av,0.0934,0.0007,0.0934,0.0007,0.0934,0.0007
    shape_Compactness1,morph_comp_1,0.0326,0.0002,0.0326,0.0002,0.0326,0.0002
    shape_Compactness2,morph_comp_2,0.378,0.004,0.378,0.004,0.378,0.004
    shape_SphericalDisproportion,morph_sph_dispr,1.38,0.01,1.38,0.01,1.38,0.01
    shape_Sphericity,morph_sphericity,0.723,0.003,0.723,0.003,0.723,0.003
    shape_Maximum3DDiameter,morph_diam,125,1,125,1,125,1
    shape_MajorAxisLength,morph_pca_maj_axis,93.3,0.5,93.3,0.5,93.3,0.5
    shape_MinorAxisLength,morph_pca_min_axis,82,0.5,82,0.5,82,0.5
    shape_LeastAxisLength,morph_pca_least_axis,70.9,0.4,70.9,0.4,70.9,0.4
    shape_Elongation,morph_pca_elongation,0.879,0.001,0.879,0.001,0.879,0.001
    shape_Flatness,morph_pca_flatness,0.76,0.001,0.76,0.001,0.76,0.001
    firstorder_Mean,stat_mean,-49,2.9,-23.5,3.9,-22.6,4.1
    firstorder_Variance,stat_var,50600,1400,32800,2100,35100,2200
    firstorder_Skewness,stat_skew,-2.14,0.05,-2.28,0.06,-2.3,0.07
    firstorder_Kurtosis,stat_kurt,3.53,0.23,4.35,0.32,4.44,0.33
    firstorder_Median,stat_median,40,0.4,42,0.4,43,0.5
    firstorder_Minimum,stat_min,-939,4,-724,12,-743,13
    firstorder_10Percentile,stat_p10,-424,14,-304,20,-310,21
    firstorder_90Percentile,stat_p90,86,0.1,86,0.1,93,0.2
    firstorder_Maximum,stat_max,393,10,521,22,345,9
    firstorder_InterquartileRange,stat_iqr,67,4.9,57,4.1,62,3.5
    firstorder_Range,stat_range,1330,20,1240,40,1090,30
    firstorder_MeanAbsoluteDeviation,stat_mad,158,4,123,6,125,6
    firstorder_RobustMeanAbsoluteDeviation,stat_rmad,66.8,3.5,46.8,3.6,46.5,3.7
    firstorder_Energy,stat_energy,2440000000,120000000,1480000000,140000000,1580000000,140000000
    firstorder_RootMeanSquared,stat_rms,230,4,183,7,189,7
    firstorder_Entropy,ih_entropy,3.73,0.04,2.94,0.01,3.22,0.02
    firstorder_Uniformity,ih_uniformity,0.14,0.003,0.229,0.003,0.184,0.001
    glcm_MaximumProbability,cm_joint_max_3D_avg,0.111,0.002,0.232,0.007,0.153,0.003
    glcm_MaximumProbability,cm_joint_max_3D_comb,0.111,0.002,0.232,0.007,0.153,0.003
    glcm_JointAverage,cm_joint_avg_3D_avg,39,0.2,18.9,0.5,22.1,0.3
    glcm_JointAverage,cm_joint_avg_3D_comb,39,0.2,18.9,0.5,22.1,0.3
    glcm_SumSquares,cm_joint_var_3D_avg,73.7,2,17.6,0.4,24.4,0.9
    glcm_SumSquares,cm_joint_var_3D_comb,73.8,2,17.6,0.4,24.4,0.9
    glcm_JointEntropy,cm_joint_entr_3D_avg,6.39,0.06,4.95,0.03,5.6,0.03
    glcm_JointEntropy,cm_joint_entr_3D_comb,6.42,0.06,4.96,0.03,5.61,0.03
    glcm_DifferenceAverage,cm_diff_avg_3D_avg,2.17,0.05,1.29,0.01,1.7,0.01
    glcm_DifferenceAverage,cm_diff_avg_3D_comb,2.16,0.05,1.29,0.01,1.7,0.01
    glcm_DifferenceVariance,cm_diff_var_3D_avg,14.4,0.5,5.37,0.11,8.22,0.06
    glcm_DifferenceVariance,cm_diff_var_3D_comb,14.4,0.5,5.38,0.11,8.23,0.06
    glcm_DifferenceEntropy,cm_diff_entr_3D_avg,2.64,0.03,2.13,0.01,2.39,0.01
    glcm_DifferenceEntropy,cm_diff_entr_3D_comb,2.64,0.03,2.14,0.01,2.4,0.01
    glcm_SumAverage,cm_sum_avg_3D_avg,78,0.3,37.7,0.8,44.3,0.4
    glcm_SumAverage,cm_sum_avg_3D_comb,78,0.3,37.7,0.8,44.3,0.4
    glcm_SumEntropy,cm_sum_entr_3D_avg,4.56,0.04,3.68,0.02,3.96,0.02
    glcm_SumEntropy,cm_sum_entr_3D_comb,4.56,0.04,3.68,0.02,3.97,0.02
    glcm_JointEnergy,cm_energy_3D_avg,0.045,0.001,0.11,0.003,0.0638,0.0009
    glcm_JointEnergy,cm_energy_3D_comb,0.0447,0.001,0.109,0.003,0.0635,0.0009
    glcm_Contrast,cm_contrast_3D_avg,19.2,0.7,7.07,0.13,11.1,0.1
    glcm_Contrast,cm_contrast_3D_comb,19.1,0.7,7.05,0.13,11.1,0.1
    glcm_Id,cm_inv_diff_3D_avg,0.582,0.004,0.682,0.003,0.608,0.001
    glcm_Id,cm_inv_diff_3D_comb,0.583,0.004,0.682,0.003,0.608,0.001
    glcm_Idn,cm_inv_diff_norm_3D_avg,0.966,0.001,0.965,0.001,0.955,0.001
    glcm_Idn,cm_inv_diff_norm_3D_comb,0.966,0.001,0.965,0.001,0.955,0.001
    glcm_Idm,cm_inv_diff_mom_3D_avg,0.547,0.004,0.656,0.003,0.576,0.001
    glcm_Idm,cm_inv_diff_mom_3D_comb,0.548,0.004,0.657,0.003,0.577,0.001
    glcm_Idmn,cm_inv_diff_mom_norm_3D_avg,0.994,0.001,0.994,0.001,0.99,0.001
    glcm_Idmn,cm_inv_diff_mom_norm_3D_comb,0.994,0.001,0.994,0.001,0.99,0.001
    glcm_InverseVariance,cm_inv_var_3D_avg,0.39,0.003,0.341,0.005,0.41,0.004
    glcm_InverseVariance,cm_inv_var_3D_comb,0.39,0.003,0.34,0.005,0.41,0.004
    glcm_Correlation,cm_corr_3D_avg,0.869,0.001,0.798,0.005,0.771,0.006
    glcm_Correlation,cm_corr_3D_comb,0.871,0.001,0.8,0.005,0.773,0.006
    glcm_Autocorrelation,cm_auto_corr_3D_avg,1580,10,370,16,509,8
    glcm_Autocorrelation,cm_auto_corr_3D_comb,1580,10,370,16,509,8
    glcm_ClusterTendency,cm_clust_tend_3D_avg,276,8,63.4,1.3,86.6,3.3
    glcm_ClusterTendency,cm_clust_tend_3D_comb,276,8,63.5,1.3,86.7,3.3
    glcm_ClusterShade,cm_clust_shade_3D_avg,-10600,300,-1270,40,-2070,70
    glcm_ClusterShade,cm_clust_shade_3D_comb,-10600,300,-1280,40,-2080,70
    glcm_ClusterProminence,cm_clust_prom_3D_avg,569000,11000,35700,1400,68900,2100
    glcm_ClusterProminence,cm_clust_prom_3D_comb,570000,11000,35700,1500,69000,2100
    glcm_Imc1,cm_info_corr1_3D_avg,-0.236,0.001,-0.231,0.003,-0.181,0.003
    glcm_Imc1,cm_info_corr1_3D_comb,-0.228,0.001,-0.225,0.003,-0.175,0.003
    glcm_Imc2,cm_info_corr2_3D_avg,0.9,0.001,0.845,0.003,0.813,0.004
    glcm_Imc2,cm_info_corr2_3D_comb,0.899,0.001,0.846,0.003,0.813,0.004
    glrlm_ShortRunEmphasis,rlm_sre_3D_avg,0.786,0.003,0.734,0.001,0.776,0.001
    glrlm_ShortRunEmphasis,rlm_sre_3D_comb,0.787,0.003,0.736,0.001,0.777,0.001
    glrlm_LongRunEmphasis,rlm_lre_3D_avg,3.31,0.04,6.66,0.18,3.55,0.07
    glrlm_LongRunEmphasis,rlm_lre_3D_comb,3.28,0.04,6.56,0.18,3.52,0.07
    glrlm_LowGrayLevelRunEmphasis,rlm_lgre_3D_avg,0.00155,5E-05,0.0257,0.0012,0.0204,0.0008
    glrlm_LowGrayLevelRunEmphasis,rlm_lgre_3D_comb,0.00155,5E-05,0.0257,0.0012,0.0204,0.0008
    glrlm_HighGrayLevelRunEmphasis,rlm_hgre_3D_avg,1470,10,326,17,471,9
    glrlm_HighGrayLevelRunEmphasis,rlm_hgre_3D_comb,1470,10,326,17,471,9
    glrlm_ShortRunLowGrayLevelEmphasis,rlm_srlge_3D_avg,0.00136,5E-05,0.0232,0.001,0.0187,0.0007
    glrlm_ShortRunLowGrayLevelEmphasis,rlm_srlge_3D_comb,0.00136,5E-05,0.0232,0.001,0.0186,0.0007
    glrlm_ShortRunHighGrayLevelEmphasis,rlm_srhge_3D_avg,1100,10,219,13,346,7
    glrlm_ShortRunHighGrayLevelEmphasis,rlm_srhge_3D_comb,1100,10,219,13,347,7
    glrlm_LongRunLowGrayLevelEmphasis,rlm_lrlge_3D_avg,0.00317,4E-05,0.0484,0.0031,0.0313,0.0016
    glrlm_LongRunLowGrayLevelEmphasis,rlm_lrlge_3D_comb,0.00314,4E-05,0.0478,0.0031,0.0311,0.0016
    glrlm_LongRunHighGrayLevelEmphasis,rlm_lrhge_3D_avg,5590,80,2670,30,1900,20
    glrlm_LongRunHighGrayLevelEmphasis,rlm_lrhge_3D_comb,5530,80,2630,30,1890,20
    glrlm_GrayLevelNonUniformity,rlm_glnu_3D_avg,3180,10,3290,10,4000,10
    glrlm_GrayLevelNonUniformity,rlm_glnu_3D_comb,41300,100,42800,200,51900,200
    glrlm_GrayLevelNonUniformityNormalized,rlm_glnu_norm_3D_avg,0.102,0.003,0.133,0.002,0.135,0.003
    glrlm_GrayLevelNonUniformityNormalized,rlm_glnu_norm_3D_comb,0.102,0.003,0.134,0.002,0.135,0.003
    glrlm_RunLengthNonUniformity,rlm_rlnu_3D_avg,18000,500,12400,200,16600,300
    glrlm_RunLengthNonUniformity,rlm_rlnu_3D_comb,234000,6000,160000,3000,215000,4000
    glrlm_RunLengthNonUniformityNormalized,rlm_rlnu_norm_3D_avg,0.574,0.004,0.5,0.001,0.559,0.001
    glrlm_RunLengthNonUniformityNormalized,rlm_rlnu_norm_3D_comb,0.575,0.004,0.501,0.001,0.56,0.001
    glrlm_RunPercentage,rlm_r_perc_3D_avg,0.679,0.003,0.554,0.005,0.664,0.003
    glrlm_RunPercentage,rlm_r_perc_3D_comb,0.679,0.003,0.554,0.005,0.664,0.003
    glrlm_GrayLevelVariance,rlm_gl_var_3D_avg,101,3,31.5,0.4,39.8,0.9
    glrlm_GrayLevelVariance,rlm_gl_var_3D_comb,101,3,31.4,0.4,39.7,0.9
    glrlm_RunVariance,rlm_rl_var_3D_avg,1.12,0.02,3.35,0.14,1.26,0.05
    glrlm_RunVariance,rlm_rl_var_3D_comb,1.11,0.02,3.29,0.13,1.25,0.05
    glrlm_RunEntropy,rlm_rl_entr_3D_avg,5.35,0.03,5.08,0.02,4.87,0.03
    glrlm_RunEntropy,rlm_rl_entr_3D_comb,5.35,0.03,5.08,0.02,4.87,0.03
    glszm_SmallAreaEmphasis,szm_sze_3D,0.695,0.001,0.637,0.005,0.676,0.003
    glszm_LargeAreaEmphasis,szm_lze_3D,38900,900,99100,2800,58600,800
    glszm_LowGrayLevelZoneEmphasis,szm_lgze_3D,0.00235,6E-05,0.0409,0.0005,0.034,0.0004
    glszm_HighGrayLevelZoneEmphasis,szm_hgze_3D,971,7,188,10,286,6
    glszm_SmallAreaLowGrayLevelEmphasis,szm_szlge_3D,0.0016,4E-05,0.0248,0.0004,0.0224,0.0004
    glszm_SmallAreaHighGrayLevelEmphasis,szm_szhge_3D,657,4,117,7,186,4
    glszm_LargeAreaLowGrayLevelEmphasis,szm_lzlge_3D,21.6,0.5,241,14,105,4
    glszm_LargeAreaHighGrayLevelEmphasis,szm_lzhge_3D,70700000,1500000,41400000,300000,33600000,300000
    glszm_GrayLevelNonUniformity,szm_glnu_3D,195,6,212,6,231,6
    glszm_GrayLevelNonUniformityNormalized,szm_glnu_norm_3D,0.0286,0.0003,0.0491,0.0008,0.0414,0.0003
    glszm_SizeZoneNonUniformity,szm_zsnu_3D,3040,100,1630,10,2370,40
    glszm_SizeZoneNonUniformityNormalized,szm_zsnu_norm_3D,0.447,0.001,0.377,0.006,0.424,0.004
    glszm_ZonePercentage,szm_z_perc_3D,0.148,0.003,0.0972,0.0007,0.126,0.001
    glszm_GrayLevelVariance,szm_gl_var_3D,106,1,32.7,1.6,50.8,0.9
    glszm_ZoneVariance,szm_zs_var_3D,38900,900,99000,2800,58500,800
    glszm_ZoneEntropy,szm_zs_entr_3D,7,0.01,6.52,0.01,6.57,0.01
    ngtdm_Coarseness,ngt_coarseness_3D,0.000216,4E-06,0.000208,4E-06,0.000188,4E-06
    ngtdm_Contrast,ngt_contrast_3D,0.0873,0.0019,0.046,0.0005,0.0752,0.0019
    ngtdm_Busyness,ngt_busyness_3D,1.39,0.01,5.14,0.14,4.65,0.1
    ngtdm_Complexity,ngt_complexity_3D,1810,60,400,5,574,1
    ngtdm_Strength,ngt_strength_3D,0.651,0.015,0.162,0.008,0.167,0.006
    gldm_SmallDependenceEmphasis,ngl_lde_3D,0.137,0.003,0.0912,0.0007,0.118,0.001
    gldm_LargeDependenceEmphasis,ngl_hde_3D,126,2,223,5,134,3
    gldm_LowGrayLevelEmphasis,ngl_lgce_3D,0.0013,4E-05,0.0168,0.0009,0.0154,0.0007
    gldm_HighGrayLevelEmphasis,ngl_hgce_3D,1570,10,364,16,502,8
    gldm_SmallDependenceLowGrayLevelEmphasis,ngl_ldlge_3D,0.000306,1.2E-05,0.00357,4E-05,0.00388,4E-05
    gldm_SmallDependenceHighGrayLevelEmphasis,ngl_ldhge_3D,141,2,18.9,1.1,36.7,0.5
    gldm_LargeDependenceLowGrayLevelEmphasis,ngl_hdlge_3D,0.0828,0.0003,0.798,0.072,0.457,0.031
    gldm_LargeDependenceHighGrayLevelEmphasis,ngl_hdhge_3D,227000,3000,92800,1300,76000,600
    gldm_GrayLevelNonUniformity,ngl_glnu_3D,6420,10,10200,300,8170,130
    gldm_DependenceNonUniformity,ngl_dcnu_3D,2450,60,1840,30,2250,30
    gldm_DependenceNonUniformityNormalized,ngl_dcnu_norm_3D,0.0532,0.0005,0.0413,0.0003,0.0505,0.0003
    gldm_GrayLevelVariance,ngl_gl_var_3D,81.1,2.1,21.7,0.4,30.4,0.8
    gldm_DependenceVariance,ngl_dc_var_3D,39.2,0.1,63.9,1.3,39.4,1
    gldm_DependenceEntropy,ngl_dc_entr_3D,7.54,0.03,6.98,0.01,7.06,0.02
    """
}
