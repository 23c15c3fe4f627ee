"""Controls that play: a slider of steps, and buttons that move it on, back and by itself."""

from bokeh.models import Button, CustomJS, Slider, Toggle

PAUSE = 40  # ms from one picture to the next
BUTTON = """
    .bk-btn { color: var(--ink) !important; background: var(--wash) !important;
              border-color: var(--soft) !important; font-size: 15px; }
    .bk-btn:focus-visible { outline: 3px solid var(--link); }
"""
FIELD = """
    :host { color: var(--ink); font-size: 15px; }
    select, input { color: var(--ink) !important; background: var(--wash) !important;
                    border-color: var(--soft) !important; }
    .noUi-target { background: var(--wash); border: 1px solid var(--soft); }
    .noUi-handle:focus-visible { outline: 3px solid var(--link); }
"""
PLAY = """
toggle.label = toggle.active ? "Pause" : "Play";
const on = () => {
  if (!toggle.active) return;
  slider.value = slider.value >= slider.end ? 0 : Math.min(slider.value + 1, slider.end);
  setTimeout(on, slider.value % between == 0 ? 12 * pause : pause);
};
if (toggle.active) on();
"""
STEP = """
toggle.active = false;
const at = slider.value / between;
const next = by > 0 ? Math.floor(at) + 1 : Math.ceil(at) - 1;
slider.value = Math.max(0, Math.min(next * between, slider.end));
"""


def player(steps: int, between: int, said: str) -> tuple[Slider, list]:
    """A slider from the first of some steps to the last, and all controls with it.

    between: positions of the slider from one step to the next. said: what the steps are.
    """
    slider = Slider(
        start=0,
        end=max(between * (steps - 1), 1),
        value=0,
        step=1,
        title=said,
        show_value=False,
        width=240,
        stylesheets=[FIELD],
    )
    toggle = Toggle(label="Play", stylesheets=[BUTTON], width=80)
    args = {"slider": slider, "toggle": toggle, "between": between, "pause": PAUSE}
    toggle.js_on_change("active", CustomJS(args=args, code=PLAY))
    back, on = (Button(label=each, stylesheets=[BUTTON], width=90) for each in ("Back", "Step on"))
    for button, by in ((back, -1), (on, 1)):
        button.js_on_event("button_click", CustomJS(args={**args, "by": by}, code=STEP))
    return slider, [toggle, back, on, slider]
