"""Makes FAKES: films from photographs, for measuring liveness and for tests. Nothing here shows a real presentation.

A head is a photograph mapped onto an ellipsoid with a nose, and turned; a print, a cut-out and a mask are the
photograph on a plane, and turned; a screen shows either of them again. What is measured with these films is a
regression test and not ISO/IEC 30107-3: real paper, glass and skin do more than is modelled here.

Everything follows from a photograph, the five landmarks of its face and a seed; nothing is kept or written
but where a caller asks for a file. Needs the packages of the `vision` extra, and imports them when it is used.
"""

from stile.testing.presentations.kinds import ATTACKS, Kind, Picture, Presentation, present
from stile.testing.presentations.motion import FPS, Follower, Motion, still, to_and_fro, turn_and_back
from stile.testing.presentations.portrait import HEIGHT, WIDTH, Portrait, portrait
from stile.testing.presentations.reel import write_mjpeg

__all__ = [
    "ATTACKS",
    "FPS",
    "HEIGHT",
    "WIDTH",
    "Follower",
    "Kind",
    "Motion",
    "Picture",
    "Portrait",
    "Presentation",
    "portrait",
    "present",
    "still",
    "to_and_fro",
    "turn_and_back",
    "write_mjpeg",
]
