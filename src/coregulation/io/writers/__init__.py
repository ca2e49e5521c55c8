"""Writers: sessions as folders with a manifest, EDF and BIDS."""
