/// The style sheet of `report.html`. The page allows this text alone, by its hash.
enum ReportStyle {
  static let css = """
    :root{color-scheme:light dark;--ink:#1a1a1a;--soft:#555;--line:#ccc;--ground:#fff;--alert:#fdf0f1;--bar:#ddd}
    @media(prefers-color-scheme:dark){:root{--ink:#e8e8e8;--soft:#aaa;--line:#444;--ground:#16181b;--alert:#3a2426;--bar:#444}}
    body{font:16px/1.45 system-ui,"Noto Sans CJK SC","Microsoft YaHei",sans-serif;color:var(--ink);background:var(--ground);max-width:1000px;margin:0 auto;padding:0 1rem 2rem}
    #zh:not(:checked)~main [lang=zh],#zh:checked~main [lang=en]{display:none}
    .switch{font-size:.85rem;vertical-align:middle}
    .banner{background:#8a1c1c;color:#fff;padding:.6rem 1rem;margin:.3rem -1rem 1rem;font-weight:700}
    .alert{border-left:6px solid #ee6677;background:var(--alert);padding:.5rem 1rem;margin:1rem 0;overflow-wrap:anywhere}
    h1{font-size:1.5rem;overflow-wrap:anywhere}h2{font-size:1.15rem;margin-top:1.6rem;border-bottom:1px solid var(--line)}
    .probability{font-size:2.2rem;font-weight:700}
    .outside{color:var(--soft);font-size:.9rem}.outside s{font-size:.9rem;font-weight:400}
    table{border-collapse:collapse;width:100%}th,td{text-align:left;padding:.25rem .6rem;border-bottom:1px solid var(--line);vertical-align:top;overflow-wrap:anywhere}
    .facts th{width:11rem;font-weight:400;color:var(--soft)}
    .number{text-align:right;font-variant-numeric:tabular-nums;overflow-wrap:normal}
    code{font-size:.85rem;overflow-wrap:anywhere}figure{margin:.5rem 0}
    .layers{position:relative;background:#000;max-width:960px}.layers img{display:block;width:100%;height:auto}
    .layers img+img{position:absolute;top:0;left:0}#bare:checked~figure img+img{display:none}
    svg{max-width:100%;height:auto}svg text{fill:var(--ink)}svg .track{fill:var(--bar)}svg .mark{fill:var(--ink)}svg .limit{stroke:var(--ink)}
    figcaption,.note{color:var(--soft);font-size:.9rem}.foot{display:none}summary{cursor:pointer}
    @media(max-width:600px){th,td{padding:.2rem .3rem;font-size:.85rem}.facts th{width:7rem}}
    @media print{
    :root{--ink:#000;--soft:#444;--line:#bbb;--ground:#fff;--alert:#f4f4f4;--bar:#ddd}
    @page{size:A4;margin:10mm 12mm}
    body{display:table;width:100%;padding:0;font-size:11px}main{display:table-row-group}
    .banner{display:table-header-group;color:#8a1c1c;background:none}.foot{display:table-footer-group}
    .switch,details{display:none}.layers{width:13.5cm;-webkit-print-color-adjust:exact;print-color-adjust:exact}
    h2{margin-top:.8rem;break-after:avoid}table,figure,.alert{break-inside:avoid}.probability{font-size:1.6rem}
    }
    """
}
