"""How the explorer looks; colours come from JupyterLab's theme, light or dark."""

STYLE = """<style>
.sib-explorer { font-size: 13px; }
.sib-explorer .widget-html, .sib-explorer .widget-html-content { height: auto; line-height: 1.35; margin: 0; }
.sib-explorer .sib-top { align-items: center; gap: 10px; margin-bottom: 4px; overflow: visible; }
.sib-explorer .sib-top .widget-label { width: auto; flex: none; }
.sib-explorer .sib-top .widget-dropdown { flex: 1 1 160px; min-width: 0; max-width: 340px; }
.sib-explorer .sib-top .widget-button { flex: none; width: 84px; }
.sib-explorer .sib-body { gap: 14px; align-items: flex-start; overflow: visible; }
.sib-explorer .sib-knobs { flex: 0 0 290px; max-height: 640px; overflow-y: auto; }
.sib-explorer .sib-right { flex: 1 1 420px; min-width: 0; overflow: visible; }
.sib-explorer .jupyter-widget-Collapse-header { padding: 5px 8px; }
.sib-explorer .jupyter-widget-Collapse-contents { padding: 6px 8px; }
.sib-explorer .sib-knob { margin-bottom: 8px; overflow: visible; }
.sib-explorer .sib-knob .widget-hbox { align-items: center; gap: 6px; overflow: visible; }
.sib-explorer .widget-slider { width: 100%; margin: 0; }
.sib-explorer .widget-slider .widget-readout { min-width: 74px; max-width: none; text-align: right; }
.sib-explorer .widget-text { width: 130px; margin: 2px 0; }
.sib-label, .sib-title { font-weight: 600; }
.sib-base, .sib-unit { color: var(--jp-ui-font-color2, #616161); font-size: 12px; }
.sib-note { border-left: 3px solid var(--jp-warn-color1, #b35900); padding-left: 6px; font-size: 12px; }
.sib-problem { border-left: 4px solid var(--jp-error-color1, #c62828); padding: 4px 10px; margin: 0 0 8px; }
table.sib-headline { border-collapse: collapse; width: 100%; font-size: 12.5px; font-variant-numeric: tabular-nums; }
table.sib-headline td, table.sib-headline th { padding: 1px 7px; text-align: right; vertical-align: top; }
table.sib-headline thead td { text-align: left; padding-left: 0; color: var(--jp-ui-font-color2, #616161); }
table.sib-headline thead th { white-space: nowrap; }
table.sib-headline tbody { border-top: 1px solid var(--jp-border-color2, #ccc); }
table.sib-headline tbody th { text-align: left; font-weight: normal; }
table.sib-headline tbody th[rowspan] { padding-left: 0; font-weight: 600; }
table.sib-headline td.now { font-weight: 600; }
table.sib-headline td.up, table.sib-headline td.down { background: var(--jp-layout-color2, #eee); }
table.sib-headline td.up::before { content: "\\25B2\\00A0"; font-size: 9px; }
table.sib-headline td.down::before { content: "\\25BC\\00A0"; font-size: 9px; }
.sib-explorer .sib-chart { margin-top: 8px; }
.sib-explorer .sib-sure { margin-top: 8px; }
.sib-explorer .sib-stale { opacity: 0.45; }
.sib-sure .table { overflow-x: auto; }
.sib-sure table { border-collapse: collapse; font-size: 12.5px; font-variant-numeric: tabular-nums; margin: 4px 0; }
.sib-sure td, .sib-sure th { padding: 1px 7px; text-align: right; font-weight: normal; }
.sib-sure th.left { text-align: left; padding-left: 0; }
.sib-sure thead th { color: var(--jp-ui-font-color2, #616161); }
.sib-sure tbody { border-top: 1px solid var(--jp-border-color2, #ccc); }
.sib-chart svg { width: 100%; max-width: 600px; height: auto; background: white; }
</style>"""
