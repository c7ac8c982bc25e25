import verbatim.errors as errors


def test_every_error_is_a_verbatim_error_and_stands_in_the_tree_of_the_docstring():
    classes = [thing for thing in vars(errors).values() if isinstance(thing, type)]
    assert len(classes) >= 8
    for error in classes:
        assert issubclass(error, errors.VerbatimError)
        assert error.__name__ in (errors.__doc__ or "")
