"""Maps to explore: what figures of points show, as pages in which points are hovered and chosen.

Bokeh draws them. Vega-Altair was tried beside it: two linked maps of 10,000 points and a box drawn
over them in 20 moves, in Chromium without a GPU on two cores that had other work, twice each:

|                                                   | Bokeh 3.9.2   | Vega-Altair 6.3.0 |
|---------------------------------------------------|---------------|-------------------|
| library, with buttons, sliders and tables         | 1.95 MB       | 0.90 MB, has none |
| the page, with its data                           | 0.33 MB       | 0.67 MB           |
| ready after                                       | 1.8 and 5.5 s | 1.3 and 1.8 s     |
| longest frame while the box is drawn              | 0.2 and 0.3 s | 1.2 and 0.9 s     |
| frames above 50 ms, in all                        | 0.3 and 0.6 s | 14 and 10 s       |

Bokeh also has choices shared by maps and tables, tooltips that show a part of one picture of all
inputs, and buttons, sliders and tables that the keyboard reaches; it takes its colours from the
page, so that dark and light need no script. WebGL did not shorten its longest frame without a GPU.

What the library does not do is a few lines of script beside what they move: playing a slider,
moving points between maps, and colouring neurons by what is chosen.
"""
