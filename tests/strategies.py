"""Random inputs that all property tests share."""

from hypothesis import strategies as st

speeds = st.integers(1, 5_000).map(lambda i: i / 10)  # tok/s/user, on a coarse grid so that ties occur
rates = st.integers(1, 400).map(lambda i: i * 25.0)  # tok/s/GPU
points = st.lists(st.tuples(speeds, rates), min_size=1, max_size=40)
fine_points = st.lists(
    st.tuples(st.floats(0.5, 1_000, allow_nan=False), st.floats(0.5, 60_000, allow_nan=False)), min_size=1, max_size=40
)
