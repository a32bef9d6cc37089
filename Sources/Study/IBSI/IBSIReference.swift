internal import Glibc

/// A feature's consensus value on IBSI's digital phantom.
struct IBSIReference: Sendable {
  /// `<class>_<feature>` by PyRadiomics' names.
  let feature: String
  /// IBSI's code of the feature; empty where it has none.
  let code: String
  /// IBSI's tag: family and feature.
  let tag: String
  /// As printed, three significant digits at most.
  let printed: String
  let tolerance: Double

  var value: Double { Double(printed) ?? .nan }

  /// Whether a value is within the tolerance after it is printed like the consensus.
  func agrees(_ computed: Double) -> Bool { abs(computed - value) <= tolerance + halfDigit * (1 + 1e-9) }

  /// Half a unit of the third digit: IBSI prints three, although trailing zeros are omitted in the tables.
  private var halfDigit: Double {
    let size = abs(value)
    guard size > 0 else { return 0 }
    return 0.5 * pow(10, log10(size).rounded(.down) - 2)
  }
}

extension IBSIReference {
  /// The features of IBSI-1 that PyRadiomics computes, with its aggregation (averaged over the directions of space).
  ///
  /// Values: Image Biomarker Standardisation Initiative, reference manual and digital phantom,
  /// https://ibsi.readthedocs.io (CC BY 4.0).
  static let digitalPhantom: [IBSIReference] = table.split(separator: "\n").map { line in
    let cells = line.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
    return IBSIReference(
      feature: cells[0], code: cells[1], tag: cells[2], printed: cells[3], tolerance: Double(cells[4]) ?? 0)
  }

  /// IBSI's code of `<class>_<feature>`.
  static let codes = Dictionary(
    digitalPhantom.filter { !$0.code.isEmpty }.map { ($0.feature, $0.code) }, uniquingKeysWith: { first, _ in first })

  /// PyRadiomics' name, IBSI code, IBSI tag, consensus value, tolerance.
  private static let table = """
    shape_MeshVolume,RNU0,morph_volume,556,4
    shape_VoxelVolume,YEKZ,morph_vol_approx,592,4
    shape_SurfaceArea,C0JK,morph_area_mesh,388,3
    shape_SurfaceVolumeRatio,2PR5,morph_av,0.698,0.004
    shape_Compactness1,SKGS,morph_comp_1,0.0411,0.0003
    shape_Compactness2,BQWJ,morph_comp_2,0.599,0.004
    shape_SphericalDisproportion,KRCK,morph_sph_dispr,1.19,0.01
    shape_Sphericity,QCFX,morph_sphericity,0.843,0.005
    shape_Maximum3DDiameter,L0JK,morph_diam,13.1,0.1
    shape_MajorAxisLength,TDIC,morph_pca_maj_axis,11.4,0.1
    shape_MinorAxisLength,P9VJ,morph_pca_min_axis,9.31,0.06
    shape_LeastAxisLength,7J51,morph_pca_least_axis,8.54,0.05
    shape_Elongation,Q3CK,morph_pca_elongation,0.816,0.005
    shape_Flatness,N17B,morph_pca_flatness,0.749,0.005
    firstorder_Mean,Q4LE,stat_mean,2.15,0
    firstorder_Variance,ECT3,stat_var,3.05,0
    firstorder_Skewness,KE2A,stat_skew,1.08,0
    firstorder_Kurtosis,IPH6,stat_kurt,-0.355,0
    firstorder_Median,Y12H,stat_median,1,0
    firstorder_Minimum,1GSF,stat_min,1,0
    firstorder_10Percentile,QG58,stat_p10,1,0
    firstorder_90Percentile,8DWT,stat_p90,4,0
    firstorder_Maximum,84IY,stat_max,6,0
    firstorder_InterquartileRange,SALO,stat_iqr,3,0
    firstorder_Range,2OJQ,stat_range,5,0
    firstorder_MeanAbsoluteDeviation,4FUA,stat_mad,1.55,0
    firstorder_RobustMeanAbsoluteDeviation,1128,stat_rmad,1.11,0
    firstorder_Energy,N8CA,stat_energy,567,0
    firstorder_RootMeanSquared,5ZWQ,stat_rms,2.77,0
    firstorder_Entropy,TLU2,ih_entropy,1.27,0
    firstorder_Uniformity,BJ5W,ih_uniformity,0.512,0
    glcm_MaximumProbability,GYBY,cm_joint_max_3D_avg,0.503,0
    glcm_JointAverage,60VM,cm_joint_avg_3D_avg,2.14,0
    glcm_SumSquares,UR99,cm_joint_var_3D_avg,3.1,0
    glcm_JointEntropy,TU9B,cm_joint_entr_3D_avg,2.4,0
    glcm_DifferenceAverage,TF7R,cm_diff_avg_3D_avg,1.43,0
    glcm_DifferenceVariance,D3YU,cm_diff_var_3D_avg,3.06,0
    glcm_DifferenceEntropy,NTRS,cm_diff_entr_3D_avg,1.56,0
    glcm_SumAverage,ZGXS,cm_sum_avg_3D_avg,4.29,0
    glcm_SumEntropy,P6QZ,cm_sum_entr_3D_avg,1.92,0
    glcm_JointEnergy,8ZQL,cm_energy_3D_avg,0.303,0
    glcm_Contrast,ACUI,cm_contrast_3D_avg,5.32,0
    glcm_Id,IB1Z,cm_inv_diff_3D_avg,0.677,0
    glcm_Idn,NDRX,cm_inv_diff_norm_3D_avg,0.851,0
    glcm_Idm,WF0Z,cm_inv_diff_mom_3D_avg,0.618,0
    glcm_Idmn,1QCO,cm_inv_diff_mom_norm_3D_avg,0.898,0
    glcm_InverseVariance,E8JP,cm_inv_var_3D_avg,0.0604,0
    glcm_Correlation,NI2N,cm_corr_3D_avg,0.157,0
    glcm_Autocorrelation,QWB0,cm_auto_corr_3D_avg,5.06,0
    glcm_ClusterTendency,DG8W,cm_clust_tend_3D_avg,7.07,0
    glcm_ClusterShade,7NFM,cm_clust_shade_3D_avg,16.6,0
    glcm_ClusterProminence,AE86,cm_clust_prom_3D_avg,145,0
    glcm_Imc1,R8DG,cm_info_corr1_3D_avg,-0.157,0
    glcm_Imc2,JN9H,cm_info_corr2_3D_avg,0.52,0
    glrlm_ShortRunEmphasis,22OV,rlm_sre_3D_avg,0.705,0
    glrlm_LongRunEmphasis,W4KF,rlm_lre_3D_avg,3.06,0
    glrlm_LowGrayLevelRunEmphasis,V3SW,rlm_lgre_3D_avg,0.603,0
    glrlm_HighGrayLevelRunEmphasis,G3QZ,rlm_hgre_3D_avg,9.7,0
    glrlm_ShortRunLowGrayLevelEmphasis,HTZT,rlm_srlge_3D_avg,0.352,0
    glrlm_ShortRunHighGrayLevelEmphasis,GD3A,rlm_srhge_3D_avg,8.54,0
    glrlm_LongRunLowGrayLevelEmphasis,IVPO,rlm_lrlge_3D_avg,2.39,0
    glrlm_LongRunHighGrayLevelEmphasis,3KUM,rlm_lrhge_3D_avg,17.6,0
    glrlm_GrayLevelNonUniformity,R5YN,rlm_glnu_3D_avg,21.8,0
    glrlm_GrayLevelNonUniformityNormalized,OVBL,rlm_glnu_norm_3D_avg,0.43,0
    glrlm_RunLengthNonUniformity,W92Y,rlm_rlnu_3D_avg,26.9,0
    glrlm_RunLengthNonUniformityNormalized,IC23,rlm_rlnu_norm_3D_avg,0.513,0
    glrlm_RunPercentage,9ZK5,rlm_r_perc_3D_avg,0.68,0
    glrlm_GrayLevelVariance,8CE5,rlm_gl_var_3D_avg,3.46,0
    glrlm_RunVariance,SXLW,rlm_rl_var_3D_avg,0.574,0
    glrlm_RunEntropy,HJ9O,rlm_rl_entr_3D_avg,2.43,0
    glszm_SmallAreaEmphasis,5QRC,szm_sze_3D,0.255,0
    glszm_LargeAreaEmphasis,48P8,szm_lze_3D,550,0
    glszm_LowGrayLevelZoneEmphasis,XMSY,szm_lgze_3D,0.253,0
    glszm_HighGrayLevelZoneEmphasis,5GN9,szm_hgze_3D,15.6,0
    glszm_SmallAreaLowGrayLevelEmphasis,5RAI,szm_szlge_3D,0.0256,0
    glszm_SmallAreaHighGrayLevelEmphasis,HW1V,szm_szhge_3D,2.76,0
    glszm_LargeAreaLowGrayLevelEmphasis,YH51,szm_lzlge_3D,503,0
    glszm_LargeAreaHighGrayLevelEmphasis,J17V,szm_lzhge_3D,1490,0
    glszm_GrayLevelNonUniformity,JNSA,szm_glnu_3D,1.4,0
    glszm_GrayLevelNonUniformityNormalized,Y1RO,szm_glnu_norm_3D,0.28,0
    glszm_SizeZoneNonUniformity,4JP3,szm_zsnu_3D,1,0
    glszm_SizeZoneNonUniformityNormalized,VB3A,szm_zsnu_norm_3D,0.2,0
    glszm_ZonePercentage,P30P,szm_z_perc_3D,0.0676,0
    glszm_GrayLevelVariance,BYLV,szm_gl_var_3D,2.64,0
    glszm_ZoneVariance,3NSA,szm_zs_var_3D,331,0
    glszm_ZoneEntropy,GU8N,szm_zs_entr_3D,2.32,0
    ngtdm_Coarseness,QCDE,ngt_coarseness_3D,0.0296,0
    ngtdm_Contrast,65HE,ngt_contrast_3D,0.584,0
    ngtdm_Busyness,NQ30,ngt_busyness_3D,6.54,0
    ngtdm_Complexity,HDEZ,ngt_complexity_3D,13.5,0
    ngtdm_Strength,1X9X,ngt_strength_3D,0.763,0
    gldm_SmallDependenceEmphasis,SODN,ngl_lde_3D,0.045,0
    gldm_LargeDependenceEmphasis,IMOQ,ngl_hde_3D,109,0
    gldm_LowGrayLevelEmphasis,TL9H,ngl_lgce_3D,0.693,0
    gldm_HighGrayLevelEmphasis,OAE7,ngl_hgce_3D,7.66,0
    gldm_SmallDependenceLowGrayLevelEmphasis,EQ3F,ngl_ldlge_3D,0.00963,0
    gldm_SmallDependenceHighGrayLevelEmphasis,JA6D,ngl_ldhge_3D,0.736,0
    gldm_LargeDependenceLowGrayLevelEmphasis,NBZI,ngl_hdlge_3D,102,0
    gldm_LargeDependenceHighGrayLevelEmphasis,9QMG,ngl_hdhge_3D,235,0
    gldm_GrayLevelNonUniformity,FP8K,ngl_glnu_3D,37.9,0
    gldm_DependenceNonUniformity,Z87G,ngl_dcnu_3D,4.86,0
    gldm_DependenceNonUniformityNormalized,OKJI,ngl_dcnu_norm_3D,0.0657,0
    gldm_GrayLevelVariance,1PFV,ngl_gl_var_3D,3.05,0
    gldm_DependenceVariance,DNX2,ngl_dc_var_3D,22.1,0
    gldm_DependenceEntropy,FCBV,ngl_dc_entr_3D,4.4,0
    """
}
