"""How far the voices agree."""

import os

# Before numpy loads: the sums here are small, and threads that wait for one another cost more than they save.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
