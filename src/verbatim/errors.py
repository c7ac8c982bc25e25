"""Errors speak to the user: where, what was found, what is allowed, what to do.

VerbatimError                 anything the user can put right; the command line exits 2 with the message alone
├── SurveyError               the file cannot be read as a survey
│   ├── ColumnNotFound        no column answers the description, or several do
│   └── TooFewResponses       too little data for what was asked
├── ConfigError               a key or value in verbatim.toml, or an option, is wrong
├── EncoderError              the embedding model is missing, altered or unusable
├── ModelError                a theme model folder is damaged, foreign or of another version
│   └── EditError             themes cannot be edited as asked
├── RunFolderError            the run folder exists, is missing or incomplete
└── VerificationError         what a run publishes is not what its own tables give
"""


class VerbatimError(Exception):
    """Something the user can put right. The message is one or a few plain sentences."""


class SurveyError(VerbatimError):
    """The input cannot be read as a survey."""


class ColumnNotFound(SurveyError):
    """No column answers the description, or several do equally well."""


class TooFewResponses(SurveyError):
    """There is too little data for what was asked."""


class ConfigError(VerbatimError):
    """An option is unknown or its value is not allowed."""


class EncoderError(VerbatimError):
    """The embedding model is missing, altered or cannot be used."""


class ModelError(VerbatimError):
    """A theme model cannot be used: damaged, from another version, or made by another encoder."""


class EditError(ModelError):
    """Themes cannot be edited as asked."""


class RunFolderError(VerbatimError):
    """The run folder already exists, is missing, or lacks a file."""


class VerificationError(VerbatimError):
    """What a run publishes is not what its own tables give; the message names the first differences."""
