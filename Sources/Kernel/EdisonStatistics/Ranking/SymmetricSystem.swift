/// A symmetric positive definite system, solved by Cholesky's factorisation.
struct SymmetricSystem {
    private let size: Int
    /// The lower triangle, row by row.
    private var factor: [Double]

    /// Nil when the matrix, given row by row, is not positive definite.
    init?(_ matrix: [Double], size: Int) {
        self.size = size
        factor = matrix
        for column in 0..<size {
            var diagonal = factor[column * size + column]
            for index in 0..<column {
                let entry = factor[column * size + index]
                diagonal -= entry * entry
            }
            guard diagonal > 0, diagonal.isFinite else { return nil }
            let root = diagonal.squareRoot()
            factor[column * size + column] = root
            for row in (column + 1)..<max(column + 1, size) {
                var entry = factor[row * size + column]
                for index in 0..<column { entry -= factor[row * size + index] * factor[column * size + index] }
                factor[row * size + column] = entry / root
            }
        }
    }

    func solve(_ right: [Double]) -> [Double] {
        var x = right
        for row in 0..<size {
            for column in 0..<row { x[row] -= factor[row * size + column] * x[column] }
            x[row] /= factor[row * size + row]
        }
        for row in (0..<size).reversed() {
            for later in (row + 1)..<max(row + 1, size) { x[row] -= factor[later * size + row] * x[later] }
            x[row] /= factor[row * size + row]
        }
        return x
    }

    /// The inverse, row by row.
    var inverse: [Double] {
        var result = Array(repeating: 0.0, count: size * size)
        for column in 0..<size {
            var unit = Array(repeating: 0.0, count: size)
            unit[column] = 1
            let solution = solve(unit)
            for row in 0..<size { result[row * size + column] = solution[row] }
        }
        return result
    }
}
