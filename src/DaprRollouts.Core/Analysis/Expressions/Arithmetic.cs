namespace DaprRollouts.Core.Analysis.Expressions;

/// <summary>Numbers, times and durations under the operators of arithmetic; integers wrap around.</summary>
internal static class Arithmetic
{
    public static object Apply(Evaluator evaluator, BinaryNode node, object? left, object? right)
    {
        try
        {
            return node.Operator switch
            {
                "+" => Add(evaluator, node, left, right),
                "-" => Subtract(left, right),
                "*" => Multiply(left, right),
                "/" => Number(left) / Number(right),
                "%" => Remainder(node, left, right),
                "**" or "^" => Math.Pow(Number(left), Number(right)),
                _ => null,
            } ?? throw Operations.Mismatch(node, left, right);
        }
        catch (InvalidOperationException)
        {
            throw Operations.Mismatch(node, left, right);
        }
        catch (Exception e) when (e is OverflowException or ArgumentOutOfRangeException)
        {
            throw new ExpressionException("the result is out of range", node.Position);
        }
    }

    private static object? Add(Evaluator evaluator, BinaryNode node, object? left, object? right)
    {
        switch (left, right)
        {
            case (long a, long b):
                return unchecked(a + b);
            case (string a, string b):
                evaluator.Allocate(a.Length + b.Length, node);
                return a + b;
            case (DateTimeOffset a, TimeSpan b):
                return a + b;
            case (TimeSpan a, DateTimeOffset b):
                return b + a;
            case (TimeSpan a, TimeSpan b):
                return a + b;
            default:
                return Number(left) + Number(right);
        }
    }

    private static object? Subtract(object? left, object? right) => (left, right) switch
    {
        (long a, long b) => unchecked(a - b),
        (DateTimeOffset a, DateTimeOffset b) => a - b,
        (DateTimeOffset a, TimeSpan b) => a - b,
        (TimeSpan a, TimeSpan b) => a - b,
        _ => Number(left) - Number(right),
    };

    private static object? Multiply(object? left, object? right) => (left, right) switch
    {
        (long a, long b) => unchecked(a * b),
        (TimeSpan a, _) => a * Number(right),
        (_, TimeSpan b) => b * Number(left),
        _ => Number(left) * Number(right),
    };

    private static object? Remainder(BinaryNode node, object? left, object? right) => (left, right) switch
    {
        (long, 0L) => throw new ExpressionException("integer divide by zero", node.Position),
        (long, -1L) => 0L,
        (long a, long b) => a % b,
        _ => null,
    };

    private static double Number(object? value) => Values.AsNumber(value) ?? throw new InvalidOperationException();
}
