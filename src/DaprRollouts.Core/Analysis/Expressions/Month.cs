namespace DaprRollouts.Core.Analysis.Expressions;

/// <summary>A month of a year, which has a name as well as a number.</summary>
internal enum Month
{
    January = 1,
    February,
    March,
    April,
    May,
    June,
    July,
    August,
    September,
    October,
    November,
    December,
}
