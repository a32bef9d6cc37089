/// The style sheet of `report.html`. The page allows this text alone, by its hash.
enum ReportStyle {
  static let css = """
    body{font:16px/1.45 system-ui,sans-serif;color:#1a1a1a;background:#fff;max-width:1180px;margin:0 auto;padding:0 1rem 2rem}
    .banner{background:#8a1c1c;color:#fff;padding:.6rem 1rem;margin:0 -1rem 1rem;font-weight:700}
    .alert{border-left:6px solid #ee6677;background:#fdf0f1;padding:.5rem 1rem;margin:1rem 0}
    h1{font-size:1.5rem}h2{font-size:1.15rem;margin-top:2rem;border-bottom:1px solid #ccc}
    .probability{font-size:2.2rem;font-weight:700}
    .outside{color:#555;font-size:.9rem}.outside s{font-size:.9rem;font-weight:400}
    table{border-collapse:collapse;width:100%}th,td{text-align:left;padding:.25rem .6rem;border-bottom:1px solid #ddd;vertical-align:top}
    .number{text-align:right;font-variant-numeric:tabular-nums}
    code{font-size:.85rem;overflow-wrap:anywhere}figure{margin:0}img{max-width:100%;height:auto;background:#000}
    figcaption,.note{color:#555;font-size:.9rem}
    """
}
