import EdisonCore
