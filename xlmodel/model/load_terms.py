"""The words of load tests, each by the formula that leads from one to the other; a request in flight is one user.

The worked run throughout: 64 requests in flight, each of 8,192 input and 1,024 output tokens, take 40 s with the first
token after 4 s, on 8 GPUs.
"""

from typing import Any

from xlmodel.calc.constants import MILLISECONDS_PER_SECOND


def time_per_output_token(end_to_end: Any, first: Any, output: Any) -> Any:
    """TPOT in ms: the time after the first token over the tokens after the first.

    >>> round(time_per_output_token(40.0, 4.0, 1024), 2)
    35.19
    """
    return MILLISECONDS_PER_SECOND * (end_to_end - first) / (output - 1)


def interactivity(tpot: Any) -> Any:
    """Output tokens per second per user, from TPOT in ms.

    >>> round(interactivity(35.19), 1)
    28.4
    """
    return MILLISECONDS_PER_SECOND / tpot


def requests_per_second(in_flight: Any, end_to_end: Any) -> Any:
    """Requests answered a second when so many are in flight all the time.

    >>> requests_per_second(64, 40.0)
    1.6
    """
    return in_flight / end_to_end


def output_throughput(requests: Any, output: Any) -> Any:
    """Output tokens per second of the deployment.

    >>> output_throughput(1.6, 1024)
    1638.4
    """
    return requests * output


def total_throughput(requests: Any, read: Any, output: Any, gpus: Any) -> Any:
    """Input and output tokens per second per GPU, over all GPUs of the deployment: what every cost divides by.

    >>> total_throughput(1.6, 8192, 1024, 8)
    1843.2
    """
    return requests * (read + output) / gpus


def possible_throughput(in_flight: Any, speed: Any, read: Any, output: Any, gpus: Any) -> Any:
    """Tokens per second per GPU that so many users can take at their speed; 99 % of public rows keep within 1.1 times it.

    >>> round(possible_throughput(64, 28.42, 8192, 1024, 8), 1)
    2046.2
    """
    return in_flight * speed * (read + output) / output / gpus
