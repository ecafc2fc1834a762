"""The whole mission as three people live it, in a real browser: `make story`.

`clock` is the product's server with a clock the story moves, `stage` the browsers and the counted steps, `acts` what
happens. The last line is `story: steps N ok`; screenshots of every screen lie in `.data/story/`.
"""
