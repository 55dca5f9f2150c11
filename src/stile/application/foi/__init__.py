"""The desk for requests, beside `answer_foi`: what comes in, its steps, its letters and papers, what is published."""
