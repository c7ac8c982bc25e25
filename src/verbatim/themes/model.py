"""The theme model: what is needed to recognise the themes again, to edit them, and to undo that."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from verbatim.records import Survey, Theme
from verbatim.shown import Shown
from verbatim.text.encoder import Encoder
from verbatim.text.lexical import LexicalEncoder
from verbatim.themes import edits
from verbatim.themes.guide import Guide
from verbatim.themes.history import Edit, Origin
from verbatim.themes.recogniser import Recogniser
from verbatim.vectors import group_means

if TYPE_CHECKING:
    from altair import FacetChart, HConcatChart, LayerChart
    from bertopic import BERTopic

    from verbatim.config import Config
    from verbatim.records import Drivers


@dataclass(frozen=True, slots=True, eq=False)
class ThemeModel(Recogniser, Shown):
    """A `Recogniser` and the spans its themes were found in. No method changes it: every edit returns a new model.

    Attributes
    ----------
    members : DataFrame
        ``text, theme_id`` of the units of the survey the themes were found in, sorted; "" where there is no theme.
    vectors : float32 array, shape (n_members, dim)
    reader : LexicalEncoder, optional
        The encoder itself, where it was learned from the survey.
    guide : Guide, optional
        How themes that people gave are judged.
    history : tuple of Edit
        Every edit since the themes were found, refitted or refined, first to last: what `undo` takes back.
    origin : Origin, optional
        What the model was before them.
    retired : tuple of Theme
        Themes that are no more, with their lineage. Their ids are never given again.
    spent : tuple of str
        Ids that undone edits had given: they are not given again either.
    past : tuple of Edit
        The edits before that, and every refit and refinement among them.
    shown : tuple of str
        Surveys whose drivers have been shown, as `verbatim.pipeline` marks them.
    """

    members: pd.DataFrame
    vectors: NDArray[np.float32]
    reader: LexicalEncoder | None = None
    guide: Guide | None = None
    history: tuple[Edit, ...] = ()
    origin: Origin | None = None
    retired: tuple[Theme, ...] = ()
    spent: tuple[str, ...] = ()
    shown: tuple[str, ...] = ()
    past: tuple[Edit, ...] = ()

    @property
    def leaves(self) -> NDArray[np.intp]:
        """Rows in ``themes`` of those that are no broader theme."""
        broader = {theme.parent_id for theme in self.themes}
        return np.array([row for row, theme in enumerate(self.themes) if theme.theme_id not in broader], dtype=np.intp)

    @property
    def centroids(self) -> NDArray[np.float32]:
        """Unit vectors (n_themes, dim) in the centred space; a broader theme has the mean of its parts."""
        centroids = self.prototypes.centroids(len(self.themes))
        row = {theme.theme_id: k for k, theme in enumerate(self.themes)}
        over = np.array([row.get(theme.parent_id or "", -1) for theme in self.themes], dtype=np.intp)
        broader = np.isin(np.arange(len(self.themes)), over)
        centroids[broader] = group_means(centroids, over, len(self.themes))[broader]
        return centroids

    @property
    def guided(self) -> bool:
        """Whether people gave themes to it, which are judged and not only compared."""
        return self.guide is not None

    def rename(self, theme: str, name: str, *, why: str = "") -> ThemeModel:
        """Give a theme another name; its id and its comments stay.

        Parameters
        ----------
        theme : str
            Id or name. All edits take either.
        name : str
            No other theme's name, whatever its case; 80 characters at most.
        why : str
            Kept in the theme's lineage. All edits take it.

        Raises
        ------
        EditError
            There is no such theme, or the name is empty, too long or taken.
        """
        return edits.rename(self, theme, name, why)

    def describe(self, theme: str, definition: str, *, why: str = "") -> ThemeModel:
        """Give a theme another definition (500 characters at most); its comments stay."""
        return edits.describe(self, theme, definition, why)

    def merge(self, themes: Sequence[str], *, name: str = "", why: str = "") -> ThemeModel:
        """Make one theme of several: the first takes in the others, keeps its id and, without ``name``, its name.

        What spoke of any of them speaks of it. Broader themes can be merged with each other.
        """
        return edits.merge(self, themes, name, why)

    def split(
        self,
        theme: str,
        into: int | Mapping[str, Sequence[str]] = 2,
        *,
        why: str = "",
        encoder: Encoder | None = None,
    ) -> ThemeModel:
        """Make several themes of one; what spoke of it speaks of one of them, and nothing else does.

        Parameters
        ----------
        theme : str
        into : int or mapping of str to list of str
            How many parts to find among its members; or the parts' names, each with phrases that are typical of it.
        encoder : Encoder, optional
            Reads the phrases; by default the model's own.

        Raises
        ------
        EditError
            The theme is broader or general, or too few of its members are kept to be divided so.
        """
        return edits.split(self, theme, into, why, encoder)

    def move(self, themes: str | Sequence[str], under: str | None, *, why: str = "") -> ThemeModel:
        """Put themes under a broader one, which is made where there is none of that name; None: to the top."""
        return edits.move(self, [themes] if isinstance(themes, str) else themes, under, why)

    def drop(self, themes: str | Sequence[str], *, why: str = "") -> ThemeModel:
        """Retire themes. What spoke of them speaks of no theme from now on; the parts of a broader one stay."""
        return edits.drop(self, [themes] if isinstance(themes, str) else themes, why)

    def add(
        self,
        name: str,
        examples: Sequence[str],
        *,
        definition: str = "",
        under: str | None = None,
        why: str = "",
        encoder: Encoder | None = None,
    ) -> ThemeModel:
        """Add a theme that is recognised by its name, its definition and example phrases.

        What is nearer to it than to every other theme, and at least ``clear_similarity``, goes to it.
        """
        return edits.add(self, name, examples, definition, under, why, encoder)

    def undo(self, n: int = 1) -> ThemeModel:
        """Return the model as it was before its last ``n`` edits.

        Raises
        ------
        EditError
            There are not so many.
        """
        return edits.undo(self, n)

    def theme_map(self, drivers: Drivers | None = None) -> LayerChart | FacetChart:
        """Draw the themes as dots in a plane, alike ones near each other.

        Parameters
        ----------
        drivers : Drivers, optional
            Of an analysis with this model: colours are effects then, else broader themes.

        Returns
        -------
        altair chart
            A notebook shows it; ``.save("map.svg")`` writes it. Themes without a subject are left out.

        Raises
        ------
        ModelError
            There is no theme with a subject.
        """
        from verbatim.notebook.theme_charts import theme_map

        return theme_map(self, drivers)

    def theme_tree(self, drivers: Drivers | None = None) -> HConcatChart:
        """Draw the hierarchy: themes under their broader themes, joined the sooner the more alike they are.

        Parameters, result and errors are those of `theme_map`.
        """
        from verbatim.notebook.theme_charts import theme_tree

        return theme_tree(self, drivers)

    def to_bertopic(self) -> BERTopic:
        """Return a BERTopic object that holds these themes, for its own plots and tools.

        BERTopic numbers topics by size; ``custom_labels_`` carries the theme's id and name. It holds the ``members``
        that have a theme, in their order. Its ``transform`` takes vectors as the model compares them:
        ``transform(texts, vectors - model.centre)``.
        """
        from verbatim.themes.interop import to_bertopic

        return to_bertopic(self)

    @staticmethod
    def from_bertopic(
        topics: BERTopic, texts: Sequence[str], encoder: Encoder | None = None, language: str = "en"
    ) -> tuple[ThemeModel, Mapping[int, str]]:
        """Make a theme model of a fitted BERTopic.

        Parameters
        ----------
        topics : BERTopic
        texts : list of str
            What it was fitted on, in the same order; read anew by ``encoder``.
        encoder : Encoder, optional
            By default the packaged one.
        language : str

        Returns
        -------
        model : ThemeModel
            One theme a topic, each where the texts of the topic lie; outliers have none.
        ids : mapping of int to str
            Theme id of each topic number. Labels that `to_bertopic` wrote keep their ids and names.

        Raises
        ------
        ModelError
            The texts are not as many as the BERTopic was fitted on, or it holds no topic.
        """
        from verbatim.text.encoder import EncoderOptions, load_encoder
        from verbatim.themes.interop import from_bertopic

        return from_bertopic(topics, texts, encoder or load_encoder(EncoderOptions()), language)

    def refit(self, survey: Survey, *, config: Config | None = None, encoder: Encoder | None = None) -> ThemeModel:
        """Fit the themes to a survey, the old comments and new ones, and keep their identities.

        See `verbatim.analysis.refitting.refit`.
        """
        from verbatim.analysis.refitting import refit

        return refit(self, survey, config, encoder)

    def save(self, folder: str | Path) -> Path:
        """Write the model into ``folder`` as safetensors, JSON and Parquet."""
        from verbatim.themes.model_folder import save

        return save(self, Path(folder))

    @classmethod
    def load(cls, folder: str | Path) -> ThemeModel:
        """Read a model folder, or the ``model`` folder inside a run folder.

        Raises
        ------
        ModelError
            A file is missing, damaged or no plain file, or the folder was written by a newer version.
        """
        from verbatim.themes.model_folder import load

        return load(Path(folder))
