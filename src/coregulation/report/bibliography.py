"""The papers that the methods come from, each once."""

from __future__ import annotations

from types import MappingProxyType

PAPERS = MappingProxyType(
    {
        "boker2002": "Boker, S. M., Xu, M., Rotondo, J. L., & King, K. (2002). Windowed cross-correlation and peak picking "
        "for the analysis of variability in the association between behavioral time series. Psychological Methods, 7, "
        "338–355. doi:10.1037/1082-989X.7.3.338",
        "phipson2010": "Phipson, B., & Smyth, G. K. (2010). Permutation p-values should never be zero. Statistical "
        "Applications in Genetics and Molecular Biology, 9, 39. doi:10.2202/1544-6115.1585",
        "benjamini1995": "Benjamini, Y., & Hochberg, Y. (1995). Controlling the false discovery rate. Journal of the Royal "
        "Statistical Society B, 57, 289–300. doi:10.1111/j.2517-6161.1995.tb02031.x",
        "kunsch1989": "Künsch, H. R. (1989). The jackknife and the bootstrap for general stationary observations. Annals of "
        "Statistics, 17, 1217–1241. doi:10.1214/aos/1176347265",
        "politis1992": "Politis, D. N., & Romano, J. P. (1992). A circular block-resampling procedure for stationary data. "
        "In R. LePage & L. Billard (Eds.), Exploring the Limits of Bootstrap, 263–270. Wiley.",
        "theiler1992": "Theiler, J., Eubank, S., Longtin, A., Galdrikian, B., & Farmer, J. D. (1992). Testing for "
        "nonlinearity in time series: the method of surrogate data. Physica D, 58, 77–94. "
        "doi:10.1016/0167-2789(92)90102-S",
        "schreiber2000": "Schreiber, T., & Schmitz, A. (2000). Surrogate time series. Physica D, 142, 346–382. "
        "doi:10.1016/S0167-2789(00)00043-9",
        "moulder2018": "Moulder, R. G., Boker, S. M., Ramseyer, F., & Tschacher, W. (2018). Determining synchrony between "
        "behavioral time series: an application of surrogate data generation for establishing falsifiable "
        "null-hypotheses. Psychological Methods, 23, 757–773. doi:10.1037/met0000172",
        "marci2007": "Marci, C. D., Ham, J., Moran, E., & Orr, S. P. (2007). Physiologic correlates of perceived therapist "
        "empathy and social-emotional process during psychotherapy. Journal of Nervous and Mental Disease, 195, 103–111. "
        "doi:10.1097/01.nmd.0000253731.71025.fc",
        "tschacher2020": "Tschacher, W., & Meier, D. (2020). Physiological synchrony in psychotherapy sessions. Psychotherapy "
        "Research, 30, 558–573. doi:10.1080/10503307.2019.1612114",
        "kleinbub2021": "Kleinbub, J. R., & Ramseyer, F. T. (2021). rMEA: an R package to assess nonverbal synchronization in "
        "motion energy analysis time-series. Psychotherapy Research, 31, 817–830. doi:10.1080/10503307.2020.1844334",
        "butler2019": "Butler, E. A., & Barnard, K. J. (2019). Quantifying interpersonal dynamics for studying "
        "socio-emotional processes and adverse health behaviors. Psychosomatic Medicine, 81, 749–758. "
        "doi:10.1097/PSY.0000000000000703",
        "boker2006": "Boker, S. M., & Laurenceau, J.-P. (2006). Dynamical systems modeling: an application to the regulation "
        "of intimacy and disclosure in marriage. In T. A. Walls & J. L. Schafer (Eds.), Models for Intensive Longitudinal "
        "Data, 195–218. Oxford University Press. doi:10.1093/acprof:oso/9780195173444.003.0009",
        "knutsson1993": "Knutsson, H., & Westin, C.-F. (1993). Normalized and differential convolution. Proceedings of IEEE "
        "CVPR, 515–523. doi:10.1109/CVPR.1993.341081",
        "butler2013": "Butler, E. A., & Randall, A. K. (2013). Emotional coregulation in close relationships. Emotion "
        "Review, 5, 202–210. doi:10.1177/1754073912451630",
    }
)


def software() -> str:
    """Return how to cite this version."""
    from coregulation._version import __version__

    return (
        f"The coregulation developers (2026). coregulation {__version__}: from two or more people's body signals to an "
        "honest answer [software]. BSD-3-Clause."
    )
