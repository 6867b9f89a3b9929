"""The situation picture: figures out of files of statistics, with their sources.

file → Table → series of one municipality, small counts taken out → sentences and plots → a section of the plan
"""
