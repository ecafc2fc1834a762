"""The egress battery: hostile addresses through everything that leaves, in a network of its own in which every address
there is belongs to us. `listeners` records who arrives where, `paths` are the ways out of the product, `cell` runs one
battery inside the network and prints what came of it, `test_battery` asks for it."""
