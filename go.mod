module chatlab

go 1.26.0
