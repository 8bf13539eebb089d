namespace DaprRollouts.Core.Analysis.Expressions;

/// <summary>All functions of the dialect.</summary>
internal static class Functions
{
    private static readonly HashSet<string> WithPredicate =
    [
        "all", "none", "any", "one", "filter", "map", "count", "find", "findIndex", "findLast", "findLastIndex", "groupBy", "sortBy", "reduce", "sum",
    ];

    private static readonly HashSet<string> WithCondition =
        ["all", "none", "any", "one", "filter", "count", "find", "findIndex", "findLast", "findLastIndex"];

    private static readonly Dictionary<string, Function> ByName = ((Function[])
    [
        .. ResultFunctions.All, .. PredicateFunctions.All, .. ListFunctions.All, .. NumberFunctions.All, .. TextFunctions.All, .. TimeFunctions.All,
    ]).ToDictionary(f => f.Name);

    public static Function? Find(string name) => ByName.GetValueOrDefault(name);

    /// <summary>Whether an argument is evaluated for each element of the list before it.</summary>
    public static bool IsPredicate(string function, int index) => index == 1 && WithPredicate.Contains(function);

    /// <summary>Whether the predicate must be true or false.</summary>
    public static bool WantsBool(string function) => WithCondition.Contains(function);
}
