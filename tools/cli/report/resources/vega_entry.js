// The part of Vega that the report draws with.
export {parse, View} from 'vega';
