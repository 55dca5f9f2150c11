"""What this program is and does, for the records of uses that it runs itself. Of anybody else's system it says nothing:
there a record has only what the register holds.
"""

WORDS = {
    "detailed_description": "Somebody who asks to come in looks into a camera at the lane. The tool finds the face, "
    "looks whether the picture is good enough and whether a live person stands there, makes a template of it and "
    "compares that. A match opens the door; without one the alternative is asked for. Of somebody who matches nobody, "
    "nothing is kept.",
    "benefit": "A member comes in without a card.",
    "process_integration": "The tool decides on nothing but whether the door opens for somebody who asked to come in "
    "by face. Whether a membership admits is decided by the membership's own rules.",
    "provided_information": "Admit, refuse, or please use the alternative, each with its reason.",
    "human_decisions": "Reception can let anybody in by hand, and marks what the tool got wrong. Random admissions are "
    "shown to reception to be checked.",
    "system_architecture": "Camera and screen at each lane; detection, liveness, recognition and decision on the "
    "operator's own computers; templates sealed with a key each; an audit log whose head is signed.",
    "maintenance": "The threshold is set again as the number of enrolled members changes. Error is measured all the "
    "time and published by month.",
    "model_task": "Face detection, presentation attack detection and face recognition.",
    "model_input": "Frames of a camera.",
    "model_output": "A score for each comparison; a match where it passes the threshold.",
    "source_data_name": "Templates of members who agreed",
    "data_modality": "Images, of which only templates are kept",
    "data_description": "A list of numbers made of three to five pictures of a member's face.",
    "data_cleaning": "A picture that is not good enough is refused at once and not kept.",
    "source_data_url": "None: it is not published.",
}
"""By the standard's field names."""

RISKS = (
    {
        "risk_name": "Somebody is taken for another member",
        "risk_description": "The door opens for the wrong person, or under the wrong name.",
        "risk_mitigation": "A threshold by a stated rate at the gallery's size; random spot checks; the measured rate "
        "is published with its interval.",
    },
    {
        "risk_name": "A member is not recognised",
        "risk_description": "A member is asked for the alternative although their face is enrolled.",
        "risk_mitigation": "The alternative opens the same door at the same hours; refusals are measured.",
    },
    {
        "risk_name": "A face is kept without consent",
        "risk_description": "Somebody who never agreed stands before the camera.",
        "risk_mitigation": "What matches nobody stays in memory only; no template exists without a live consent.",
    },
)
