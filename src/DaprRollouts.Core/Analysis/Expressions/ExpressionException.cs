namespace DaprRollouts.Core.Analysis.Expressions;

/// <summary>An expression that cannot be compiled or evaluated.</summary>
public sealed class ExpressionException : Exception
{
    /// <summary>An error at a place of the expression that is not shown yet.</summary>
    internal ExpressionException(string problem, int position)
        : base(problem)
    {
        Problem = problem;
        Position = position;
    }

    private ExpressionException(string problem, int position, string message)
        : base(message)
    {
        Problem = problem;
        Position = position;
    }

    /// <summary>What is wrong, in one line.</summary>
    public string Problem { get; }

    /// <summary>Where in the expression, from 0.</summary>
    public int Position { get; }

    /// <summary>The same error with the line of the expression and a caret below the place.</summary>
    internal ExpressionException In(string source)
    {
        var at = Math.Clamp(Position, 0, source.Length);
        var start = at == 0 ? 0 : source.LastIndexOf('\n', at - 1) + 1;
        var end = source.IndexOf('\n', start) is >= 0 and var found ? found : source.Length;
        var line = source.AsSpan(0, start).Count('\n') + 1;
        var column = at - start;
        var shown = source[start..end].Replace('\t', ' ').Replace('\r', ' ');
        return new ExpressionException(Problem, Position, $"{Problem} ({line}:{column + 1})\n | {shown}\n | {new string('.', Math.Max(0, column))}^");
    }
}
