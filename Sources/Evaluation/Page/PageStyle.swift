/// The style sheet of the evaluation's page, for screens large and small and for paper.
enum PageStyle {
  static let css = """
    body{font:16px/1.45 system-ui,"DejaVu Sans",sans-serif;color:#1a1a1a;background:#fff;max-width:1080px;margin:0 auto;padding:0 1rem 2rem}
    .banner{background:#8a1c1c;color:#fff;padding:.6rem 1rem;margin:0 -1rem 1rem;font-weight:700;text-align:center}
    h1{font-size:1.6rem;margin:.4rem 0;overflow-wrap:anywhere}h2{font-size:1.2rem;margin:2rem 0 .6rem;border-bottom:1px solid #bbb}
    h3{font-size:1rem;margin:1.2rem 0 .4rem}
    .note,figcaption{color:#555;font-size:.88rem;margin:.2rem 0}
    .tiles{display:grid;grid-template-columns:repeat(auto-fit,minmax(200px,1fr));gap:.8rem;margin:1rem 0}
    .tile{border:1px solid #bbb;border-left:6px solid #4477aa;padding:.5rem .8rem;break-inside:avoid}
    .tile.alarm{border-left-color:#b3213b;background:#fdf0f1}.tile p{margin:0}.tile .name{font-weight:600}
    .tile .value{font-size:1.9rem;font-weight:700;font-variant-numeric:tabular-nums}.tile.alarm .value{color:#9c1a31}
    .statements{list-style:none;padding:0}.statements li{border-left:6px solid #4477aa;padding:.35rem .8rem;margin:.45rem 0;background:#f3f6fa;break-inside:avoid;color:#1a1a1a;font-size:.95rem}
    .statements li.caution{border-left-color:#b3213b;background:#fdf0f1}.statements li.caution strong{color:#9c1a31}
    .figures{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,400px),1fr));gap:1rem}
    figure{margin:0;border:1px solid #ddd;padding:.5rem;break-inside:avoid}figure.wide{max-width:800px;margin:1rem 0;overflow-x:auto}figure.wide svg{min-width:480px}
    svg{display:block;width:100%;height:auto;font-family:system-ui,"DejaVu Sans",sans-serif}
    .scroll{overflow-x:auto}table{border-collapse:collapse;width:100%;margin:.8rem 0;font-size:.9rem}
    caption{text-align:left;font-weight:600;padding:.3rem 0}th,td{text-align:left;padding:.22rem .6rem;border-bottom:1px solid #ddd;vertical-align:top}
    thead th{border-bottom:2px solid #888}tbody th{font-weight:400}td,tbody th{overflow-wrap:break-word}
    .number{text-align:right;font-variant-numeric:tabular-nums}code{font-size:.85rem;overflow-wrap:anywhere}
    summary{cursor:pointer;margin:.6rem 0}
    @media print{@page{size:A4;margin:13mm}html{font-size:10.5px}body{font-size:1rem;max-width:none;padding:0}.banner{margin:0 0 .6rem;print-color-adjust:exact;-webkit-print-color-adjust:exact}
    .tile,.statements li{print-color-adjust:exact;-webkit-print-color-adjust:exact}.figures{grid-template-columns:1fr 1fr}.tiles{grid-template-columns:repeat(4,1fr)}figure.wide{max-width:540px}
    h2,p.note{break-after:avoid}tr{break-inside:avoid}.scroll{overflow:visible}table{font-size:.9rem}.appendix{break-before:page}}
    """
}
