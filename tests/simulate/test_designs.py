from coregulation.simulate.confounds import known_answer


def test_what_was_hidden_stays_hidden_and_what_was_recorded_is_said():
    session, truth = known_answer("both-hit-undeclared", 1)
    hidden = [
        (span, block)
        for span, block in zip(truth.plan.spans, session.blocks, strict=True)
        if span.dose and span.together
    ]
    assert all(len(span.dose) == 2 and len(block.perturbed) == 1 for span, block in hidden)
    session, _ = known_answer("common-stressor", 1)
    assert all(len(b.perturbed) == 2 for b in session.blocks if b.kind.startswith("perturb"))
    session, _ = known_answer("recording-helps", 1)
    assert {b.partner for b in session.blocks} == {None, "recorded"}
    session, _ = known_answer("only-one-hit", 1)
    assert {who for b in session.blocks for who in b.perturbed} == {"ada"}


def test_both_orders_occur_where_order_is_crossed():
    firsts = {known_answer("independent", seed)[0].blocks[1].kind for seed in range(8)}
    assert firsts == {"perturb-alone", "together-rest"}
    assert known_answer("habituation-fixed-order", 1)[0].blocks[1].kind == "perturb-alone"
