"""The actions of the product faceid, version 2018-03-01: a record each."""
