using System.Collections.Concurrent;

namespace DaprRollouts.Core.Analysis.Expressions;

/// <summary>
/// An expression of the dialect that conditions and range queries are written in. Compiling checks the types, evaluating is bounded in steps
/// and memory; both report errors with the expression and a caret below the place.
/// </summary>
public sealed class Expression
{
    internal const string EnvironmentName = "$env";
    internal const string ResultName = "result";
    private const int MaxCached = 2_000;

    private static readonly ConcurrentDictionary<string, Node> Parsed = new();

    private readonly string _source;
    private readonly Node _root;
    private readonly Node _unfolded;
    private readonly bool _hasResult;

    private Expression(string source, Node root, StaticType type, bool hasResult)
    {
        _source = source;
        _root = Folding.Fold(root);
        _unfolded = root;
        Type = type;
        _hasResult = hasResult;
    }

    /// <summary>What is known of the outcome.</summary>
    public StaticType Type { get; }

    /// <summary>Compiles a condition, which sees the result of a measurement as <c>result</c>.</summary>
    /// <exception cref="ExpressionException">It is not an expression, or cannot be applied to such a result.</exception>
    public static Expression Condition(string source, StaticType result) =>
        Compile(source, new Dictionary<string, StaticType> { [ResultName] = result }, hasResult: true);

    /// <summary>Compiles an expression that sees no result.</summary>
    /// <exception cref="ExpressionException">It is not an expression.</exception>
    public static Expression Free(string source) => Compile(source, new Dictionary<string, StaticType>(), hasResult: false);

    /// <summary>The value of the expression.</summary>
    /// <param name="result">What <c>result</c> stands for.</param>
    /// <param name="now">What <c>now()</c> yields.</param>
    /// <exception cref="ExpressionException">It cannot be evaluated.</exception>
    public object? Evaluate(object? result, DateTimeOffset now)
    {
        try
        {
            var variables = new Dictionary<string, object?>();
            if (_hasResult)
            {
                variables[ResultName] = result;
            }

            return new Evaluator(variables, result, now).Evaluate(_root);
        }
        catch (ExpressionException e)
        {
            throw e.In(_source);
        }
    }

    /// <summary>The expression with the values that it was decided by, such as <c>0.97 &gt;= 0.95</c>.</summary>
    /// <exception cref="ExpressionException">It cannot be evaluated.</exception>
    public string Explain(object? result, DateTimeOffset now)
    {
        try
        {
            return new Narrator(new Evaluator(new Dictionary<string, object?> { [ResultName] = result }, result, now)).Tell(_unfolded);
        }
        catch (ExpressionException e)
        {
            throw e.In(_source);
        }
    }

    private static Expression Compile(string source, Dictionary<string, StaticType> variables, bool hasResult)
    {
        try
        {
            var root = Parse(source);
            var type = new Checker(variables).Check(root);
            return new Expression(source, root, type, hasResult);
        }
        catch (ExpressionException e)
        {
            throw e.In(source);
        }
    }

    private static Node Parse(string source)
    {
        if (Parsed.TryGetValue(source, out var known))
        {
            return known;
        }

        var root = TreeBuilder.Build(source);
        if (Parsed.Count < MaxCached)
        {
            Parsed[source] = root;
        }

        return root;
    }
}
